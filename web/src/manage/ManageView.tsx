export default function ManageView() {
  return <main className="page" id="main" tabIndex={-1}><h1>ManageView</h1></main>
}
