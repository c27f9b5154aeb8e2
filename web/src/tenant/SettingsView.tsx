export default function SettingsView() {
  return <main className="page" id="main" tabIndex={-1}><h1>SettingsView</h1></main>
}
