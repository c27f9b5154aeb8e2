import { describe, expect, it } from 'vitest'
import { problemsOf } from './checks'
import { emptyForm, newField, newOption, newRelationship, type FieldForm, type ObjectForm } from './form'
import { pathOf, partOf } from './pointers'

const good: ObjectForm = { ...emptyForm('Contact'), singular: 'Visit', plural: 'Visits', slug: 'visit' }
const field = (patch: Partial<FieldForm>): FieldForm => ({ ...newField(), key: 'k', label: 'A', slug: 'a', ...patch })
const problems = (patch: Partial<ObjectForm>, taken: string[] = []) => problemsOf({ ...good, ...patch }, taken).map(({ path, id }) => [path, id.replace('manage.error.', '')])

describe('problemsOf', () => {
  it('finds nothing wrong with a good form', () => expect(problems({})).toEqual([]))

  it.each<[string, Partial<ObjectForm>, string[][]]>([
    ['names missing', { singular: ' ', plural: '' }, [['labels.singular', 'nameMissing'], ['labels.plural', 'nameMissing']]],
    ['a long name', { singular: 'x'.repeat(201) }, [['labels.singular', 'tooLong']]],
    ['a bad API name', { slug: 'Visit' }, [['object', 'badSlug']]],
    ['an API name of 64 characters', { slug: 'a'.repeat(64) }, [['object', 'badSlug']]],
    ['a reserved word', { slug: 'record' }, [['object', 'reserved']]],
    ['no API name', { slug: '' }, [['object', 'slugMissing']]],
    ['a new field without label', { fields: [field({ label: '', slug: '' })] }, [['fields.k.label', 'labelMissing']]],
    ['two parts of one name', { fields: [field({ slug: 'contact' })] }, [[`relationships.${good.relationships[0]?.key}.slug`, 'slugTwice']]],
    ['a currency that is none', { fields: [field({ type: 'currency', currency: 'US$' })] }, [['fields.k.currency', 'currency']]],
    ['a currency that nobody knows', { fields: [field({ type: 'currency', currency: 'QQQ' })] }, [['fields.k.currency', 'unknownCurrency']]],
    ['decimals that are no number', { fields: [field({ type: 'number', scale: '1.5' })] }, [['fields.k.scale', 'scale']]],
    ['too many decimals', { fields: [field({ type: 'number', scale: '11' })] }, [['fields.k.scale', 'scale']]],
    ['an option twice', { fields: [field({ type: 'dropdown', options: [{ ...newOption(), key: 'x', value: 'v' }, { ...newOption(), key: 'y', value: 'v', named: true }] })] }, [['fields.k.options.y.value', 'optionTwice']]],
    ['an empty option', { fields: [field({ type: 'dropdown', options: [{ ...newOption(), key: 'x' }] })] }, [['fields.k.options.x.label', 'optionMissing']]],
    ['a target that is no name', { relationships: [{ ...newRelationship(), key: 'r', label: 'B', slug: 'b', target: 'Big deal' }] }, [['relationships.r.target', 'badSlug']]],
  ])('finds %s', (_, patch, found) => expect(problems(patch)).toEqual(found))

  it('finds an API name that another object has, but not for a stored object', () => {
    expect(problems({}, ['visit'])).toEqual([['object', 'objectTaken']])
    expect(problems({ stored: true }, ['visit'])).toEqual([])
  })

  it('leaves stored parts as they are: an unknown currency and a missing label may stay', () => {
    expect(problems({ fields: [field({ stored: true, label: '', type: 'currency', currency: 'QQQ' })] })).toEqual([])
  })

  it('keeps to the limits of the service', () => {
    const many = (count: number) => Array.from({ length: count }, (_, index) => field({ key: `k${index}`, slug: `a${index}` }))
    expect(problems({ fields: many(200) })).toEqual([])
    expect(problems({ fields: many(201) })).toEqual([['fields', 'manyFields']])
    const links = Array.from({ length: 11 }, (_, index) => ({ ...newRelationship(), key: `r${index}`, label: 'L', slug: `l${index}` }))
    expect(problems({ relationships: links })).toEqual([['relationships', 'manyRelationships']])
    const options = Array.from({ length: 501 }, (_, index) => ({ ...newOption(), key: `o${index}`, value: `v${index}` }))
    expect(problems({ fields: [field({ type: 'dropdown', options })] })).toEqual([['fields.k.options', 'manyOptions']])
  })
})

describe('pathOf', () => {
  const form: ObjectForm = {
    ...good,
    fields: [field({ key: 'first' }), field({ key: 'second', options: [{ ...newOption(), key: 'own', named: true }, { ...newOption(), key: 'old', stored: true }] })],
    relationships: [{ ...newRelationship(), key: 'link' }],
  }
  it.each([
    ['/object', 'object'],
    ['/labels/plural', 'labels.plural'],
    ['/labels', 'labels.singular'],
    ['/fields', 'fields'],
    ['/fields/1', 'fields.second.slug'],
    ['/fields/0/currency', 'fields.first.currency'],
    ['/fields/1/options', 'fields.second.options'],
    ['/fields/1/options/0/value', 'fields.second.options.own.value'],
    ['/fields/1/options/1/value', 'fields.second.options.old.label'],
    ['/fields/1/options/9/value', 'fields.second.options'],
    ['/fields/7/type', 'fields'],
    ['/relationships/0/target', 'relationships.link.target'],
    ['', ''],
    ['/else', ''],
  ])('%s is the input %s', (pointer, path) => expect(pathOf(pointer, form)).toBe(path))

  it('knows the part that holds an input', () => {
    expect(partOf('fields.second.options.own.value')).toBe('second')
    expect(partOf('relationships.link.slug')).toBe('link')
    expect(partOf('labels.singular')).toBeNull()
    expect(partOf('fields')).toBeNull()
  })
})
