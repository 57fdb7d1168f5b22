import { expect, test } from 'vitest'
import { readPoint, writePoint } from '@/format/places'

test('a position is read as latitude and longitude, or refused', () => {
  expect(readPoint('30.2592, 120.1634')).toEqual({ lat: 30.2592, lon: 120.1634 })
  expect(readPoint('30.2592，120.1634')).toEqual({ lat: 30.2592, lon: 120.1634 })
  expect(readPoint(' ')).toBeNull()
  for (const text of ['91, 0', '30', 'here', '30, 190']) expect(readPoint(text)).toBeUndefined()
  expect([writePoint({ lat: 1.5, lon: -2 }), writePoint(null)]).toEqual(['1.5, -2', ''])
})
