export const manage = {
  'manage.nav.label': 'Manage data',
  'manage.nav.objects': 'Objects',
  'manage.nav.integrations': 'Integrations',
  'manage.nav.imports': 'Imports',
  'manage.nav.records': 'Find a record',
  'manage.nav.settings': 'Settings',
} as const
