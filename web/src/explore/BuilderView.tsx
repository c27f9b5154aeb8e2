export default function BuilderView() {
  return <main className="page" id="main" tabIndex={-1}><h1>BuilderView</h1></main>
}
