import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const SRC = join(import.meta.dirname, '../src')
const CONTROL = /\bEl(?:Input|InputNumber|Select|DatePicker|TimePicker|Checkbox|Radio|Switch|Slider|Upload|Cascader|Autocomplete)\b|<(?:input|select|textarea)\b/

/** Where a control is drawn by hand, and why no form could tell it. */
const DRAWN: Record<string, string> = {
  'parts/model/ModelControl.vue': 'draws the fields of forms',
  'parts/model/KindControl.vue': 'draws the fields of forms',
  'parts/model/ModelList.vue': 'draws the fields of forms',
  'parts/model/ReferenceField.vue': 'draws the fields of forms',
  'parts/model/MoneyField.vue': 'draws the fields of forms',
  'parts/model/FileField.vue': 'draws the fields of forms',
  'parts/PictureField.vue': 'draws the fields of forms',
  'parts/RoomRoles.vue': 'draws the fields of forms',
  'parts/model/FieldBox.vue': 'the model editor: what forms are made from',
  'parts/model/FieldLimits.vue': 'the model editor: what forms are made from',
  'parts/model/ChoiceLines.vue': 'the model editor: what forms are made from',
  'parts/model/ModelJson.vue': 'the model editor: what forms are made from',
  'parts/model/ModelPublish.vue': 'the model editor: what forms are made from',
  'parts/model/ModelImport.vue': 'the model editor: what forms are made from',
  'components/AppRail.vue': 'which business is shown',
  'components/SearchBox.vue': 'what is looked for',
  'components/DataList.vue': 'what is chosen of a list',
  'components/ExportButton.vue': 'what is carried out of a list',
  'components/ConfirmDialog.vue': 'why something is done',
  'parts/ShelfPicker.vue': 'what is looked for',
  'parts/library/ColumnMenu.vue': 'how a list is shown',
  'parts/library/FilterChips.vue': 'how a list is shown',
  'parts/library/ManyChoices.vue': 'how a list is shown',
  'parts/library/ViewTabs.vue': 'how a list is shown',
  'parts/library/SetField.vue': 'which field of a form many documents are given',
  'parts/library/ScheduleMenu.vue': 'when a draft is published',
  'parts/bulk/ImportDrop.vue': 'which file is read',
  'parts/bulk/ImportMap.vue': 'which column leads to which field',
  'parts/OrderSide.vue': 'the code that a buyer tells',
  'parts/SkuTable.vue': 'all variants of a product in one grid',
  'parts/OptionLines.vue': 'all variants of a product in one grid',
  'pages/TagsPage.vue': 'several tags at once, with commas between them',
  'pages/SignInPage.vue': 'signing in makes no document',
}

const screens = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.vue')).sort()
const drawn = screens.filter((name) => CONTROL.test(readFileSync(join(SRC, name), 'utf8')))

test('every document is written through the form of its noun: nothing draws fields by hand but what says why', () => {
  expect(drawn.filter((name) => !(name in DRAWN))).toEqual([])
})

test('what says why is there, and still draws', () => {
  expect(Object.keys(DRAWN).filter((name) => !drawn.includes(name))).toEqual([])
})
