// #ifdef H5
import { judgeUplink, type Uplink, type UplinkCounts, whipEnd, whipPublish } from '@kaibo/client'
import { pictureCodecs } from './camera'
import { uniTransport } from './transport'

const MAX_BITRATE = 2_000_000
const CANDIDATES_WITHIN_MS = 1_000
const CONNECTED_WITHIN_MS = 10_000
/** A connection may come back by itself; after this long it is made anew. */
const COMES_BACK_WITHIN_MS = 3_000

export interface Publisher {
  /** Another camera's picture in place of the one that is sent. */
  replacePicture: (track: MediaStreamTrack) => Promise<void>
  /** How the uplink did since the last look; null at the first. */
  look: () => Promise<Uplink | null>
  address: string
  stop: () => Promise<void>
}

/**
 * Sends a stream over WHIP; resolves when the server receives it. `lost` is called once if it stops by itself.
 * @throws ApiProblem when the server refuses, Unreachable when it can't be reached.
 */
export async function publish(stream: MediaStream, at: { url: string; key: string; locale: string }, lost: () => void): Promise<Publisher> {
  const peer = new RTCPeerConnection()
  let over = false
  let address = ''
  const close = async (): Promise<void> => {
    over = true
    peer.close()
    if (address) await whipEnd(uniTransport, address)
  }
  try {
    for (const track of stream.getTracks()) {
      const transceiver = peer.addTransceiver(track, { direction: 'sendonly', streams: [stream] })
      if (track.kind === 'video') transceiver.setCodecPreferences(pictureCodecs())
    }
    await peer.setLocalDescription(await peer.createOffer())
    await candidates(peer)
    const session = await whipPublish(uniTransport, at.url, at.key, peer.localDescription?.sdp ?? '', at.locale)
    address = session.address
    await peer.setRemoteDescription({ type: 'answer', sdp: session.answer })
    await limit(pictureSender(peer))
    await connected(peer)
  } catch (error) {
    await close()
    throw error
  }

  let timer: ReturnType<typeof setTimeout> | null = null
  peer.onconnectionstatechange = () => {
    if (timer !== null) clearTimeout(timer)
    timer = null
    const state = peer.connectionState
    if (state === 'disconnected') timer = setTimeout(giveUp, COMES_BACK_WITHIN_MS)
    else if (state === 'failed' || state === 'closed') giveUp()
  }
  function giveUp(): void {
    if (over) return
    void close()
    lost()
  }

  let before: UplinkCounts | null = null
  return {
    address,
    replacePicture: async (track) => await pictureSender(peer)?.replaceTrack(track),
    async look() {
      const now = await count(peer)
      const uplink = before && judgeUplink(before, now)
      before = now
      return uplink
    },
    async stop() {
      if (timer !== null) clearTimeout(timer)
      if (!over) await close()
    },
  }
}

const pictureSender = (peer: RTCPeerConnection): RTCRtpSender | undefined => peer.getSenders().find(({ track }) => track?.kind === 'video')

/** Sharp rather than smooth: products are read. */
async function limit(sender: RTCRtpSender | undefined): Promise<void> {
  if (!sender) return
  const parameters = sender.getParameters()
  for (const encoding of parameters.encodings) encoding.maxBitrate = MAX_BITRATE
  await sender.setParameters({ ...parameters, degradationPreference: 'maintain-resolution' })
}

/** Host candidates come at once; a browser that never says it has them all must not hold up the show. */
const candidates = (peer: RTCPeerConnection): Promise<void> =>
  settled(peer, 'icegatheringstatechange', () => peer.iceGatheringState === 'complete', CANDIDATES_WITHIN_MS).then(() => undefined)

async function connected(peer: RTCPeerConnection): Promise<void> {
  const done = (): boolean => peer.connectionState === 'connected' || peer.connectionState === 'failed'
  await settled(peer, 'connectionstatechange', done, CONNECTED_WITHIN_MS)
  if (peer.connectionState !== 'connected') throw new Error(`expected connected, got ${peer.connectionState}`)
}

function settled(peer: RTCPeerConnection, event: string, done: () => boolean, withinMs: number): Promise<void> {
  if (done()) return Promise.resolve()
  return new Promise((resolve) => {
    const finish = (): void => {
      clearTimeout(timer)
      peer.removeEventListener(event, look)
      resolve()
    }
    const look = (): void => {
      if (done()) finish()
    }
    const timer = setTimeout(finish, withinMs)
    peer.addEventListener(event, look)
  })
}

async function count(peer: RTCPeerConnection): Promise<UplinkCounts> {
  const counts: UplinkCounts = { at: performance.now(), bytes: 0, frames: 0, captured: null, loss: 0, roundTripMs: 0, limitedBy: 'none' }
  for (const stat of (await peer.getStats()).values()) {
    if (stat.type === 'outbound-rtp' && stat.kind === 'video') {
      counts.bytes = stat.bytesSent ?? 0
      counts.frames = stat.framesEncoded ?? 0
      counts.limitedBy = stat.qualityLimitationReason ?? 'none'
    } else if (stat.type === 'media-source' && stat.kind === 'video') {
      counts.captured = document.hidden ? null : (stat.frames ?? null)
    } else if (stat.type === 'remote-inbound-rtp' && stat.kind === 'video') {
      counts.loss = stat.fractionLost ?? 0
      counts.roundTripMs = (stat.roundTripTime ?? 0) * 1000
    }
  }
  return counts
}
// #endif
