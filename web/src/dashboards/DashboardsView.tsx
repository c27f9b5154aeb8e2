export default function DashboardsView() {
  return <main className="page" id="main" tabIndex={-1}><h1>DashboardsView</h1></main>
}
