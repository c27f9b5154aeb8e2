import { useT } from '../i18n/useT'

/** The labels of the sample object in the reader's language; from then on they are the tenant's own. */
export function useSampleWords() {
  const t = useT()
  return {
    singular: t('first.words.singular'),
    plural: t('first.words.plural'),
    description: t('first.words.description'),
    buyer: t('first.words.buyer'),
    fields: {
      number: t('first.words.number'), placed_at: t('first.words.placed'), amount: t('first.words.amount'), items: t('first.words.items'),
      status: t('first.words.status'), channel: t('first.words.channel'), gift: t('first.words.gift'),
    },
    options: {
      paid: t('first.words.paid'), open: t('first.words.open'), refunded: t('first.words.refunded'), cancelled: t('first.words.cancelled'),
      web: t('first.words.web'), store: t('first.words.store'), phone: t('first.words.phone'), partner: t('first.words.partner'),
    },
  }
}
