import { Menu } from '@mantine/core'
import { useLanguage } from '../i18n/LanguageProvider'
import { useT } from '../i18n/useT'
import { Icon } from '../shared/Icon'

/** Chooses the language; each is named in itself. */
export function LanguageButton() {
  const t = useT()
  const { language, choose } = useLanguage()
  return (
    <Menu>
      <Menu.Target>
        <button type="button" className="btn ghost sm" aria-label={t('shell.language')}>
          <Icon name="globe" />{language.toUpperCase()}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {(['en', 'fr'] as const).map((code) => (
          <Menu.Item key={code} lang={code} onClick={() => choose(code)} rightSection={language === code ? <Icon name="check" /> : null}>
            {code === 'en' ? 'English' : 'Français'}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
