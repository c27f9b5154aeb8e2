export default function RecordView() {
  return <main className="page" id="main" tabIndex={-1}><h1>RecordView</h1></main>
}
