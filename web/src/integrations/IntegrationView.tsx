export default function IntegrationView() {
  return <main className="page" id="main" tabIndex={-1}><h1>IntegrationView</h1></main>
}
