// Sets theme and language before the first paint, so that neither flashes.
try {
  const kept = localStorage.getItem('crosslook.theme')
  const dark = kept === 'dark' || (kept !== 'light' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  document.documentElement.dataset.mantineColorScheme = dark ? 'dark' : 'light'
  const language = localStorage.getItem('crosslook.language') ?? navigator.language
  document.documentElement.lang = language.toLowerCase().startsWith('fr') ? 'fr' : 'en'
} catch {
  // Storage is closed: the defaults of the page apply.
}
