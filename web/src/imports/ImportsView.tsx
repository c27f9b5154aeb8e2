export default function ImportsView() {
  return <main className="page" id="main" tabIndex={-1}><h1>ImportsView</h1></main>
}
