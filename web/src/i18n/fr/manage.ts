import type { manage as en } from '../en/manage'

export const manage: Record<keyof typeof en, string> = {
  'manage.nav.label': 'Gérer les données',
  'manage.nav.objects': 'Objets',
  'manage.nav.integrations': 'Intégrations',
  'manage.nav.imports': 'Importations',
  'manage.nav.records': 'Trouver un enregistrement',
  'manage.nav.settings': 'Réglages',
}
