export default function DashboardView() {
  return <main className="page" id="main" tabIndex={-1}><h1>DashboardView</h1></main>
}
