export default function ImportView() {
  return <main className="page" id="main" tabIndex={-1}><h1>ImportView</h1></main>
}
