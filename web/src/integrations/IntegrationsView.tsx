export default function IntegrationsView() {
  return <main className="page" id="main" tabIndex={-1}><h1>IntegrationsView</h1></main>
}
