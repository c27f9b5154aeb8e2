export default function OpsView() {
  return <main className="page" id="main" tabIndex={-1}><h1>OpsView</h1></main>
}
