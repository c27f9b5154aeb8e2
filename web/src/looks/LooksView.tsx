export default function LooksView() {
  return <main className="page" id="main" tabIndex={-1}><h1>LooksView</h1></main>
}
