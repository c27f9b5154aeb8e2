import { lazy, Suspense, useEffect, useState, type ComponentType } from 'react'
import { createBrowserRouter } from 'react-router'
import { Skeletons } from '../shared/Skeletons'
import { Crashed } from './Crashed'
import { Home } from './Home'
import { NotFound } from './NotFound'
import { Shell } from './Shell'
import { SignIn } from './SignIn'
import { TenantGate } from './TenantGate'
import { WholeLanguage } from './WholeLanguage'

/** A view that is loaded when it is first opened, with its texts. */
function view(load: () => Promise<{ default: ComponentType }>) {
  const View = lazy(load)
  return (
    <WholeLanguage>
      <Suspense fallback={<Skeletons />}>
        <View />
      </Suspense>
    </WholeLanguage>
  )
}

/** Custom reports, with which most visits begin: their texts are there from the beginning, and their code is loaded with the
 * page's. Once it is there it is shown at once: React keeps a skeleton that it has shown for a third of a second. */
const Reports = (() => {
  const loading = import('../explore/BuilderView')
  const Later = lazy(() => loading)
  let Now: ComponentType | null = null
  loading.then(({ default: there }) => (Now = there), () => undefined)
  return function Reports() {
    const [View] = useState<ComponentType>(() => Now ?? Later)
    useEffect(() => {
      // Most reports are drawn: the charts' code comes while the catalog and the result do.
      import('../result/echarts').catch(() => undefined)
    }, [])
    return <Suspense fallback={<Skeletons />}><View /></Suspense>
  }
})()

// Views with several addresses: going from one to the other, as saving does, keeps what is on the page.
const reports = <Reports />
const manage = view(() => import('../manage/ManageView'))

/** The addresses of the page. The tenant is part of each, so two windows can show two tenants. */
export const router = createBrowserRouter([
  { path: '/sign-in', element: <SignIn />, errorElement: <Crashed /> },
  {
    element: <Shell />,
    errorElement: <Crashed />,
    children: [
      { index: true, element: <Home /> },
      { path: 'ops', element: view(() => import('../ops/OpsView')), errorElement: <Crashed /> },
      {
        path: 't/:tenant',
        element: <TenantGate />,
        errorElement: <Crashed />,
        children: [
          { index: true, element: reports },
          { path: 'reports', element: reports },
          { path: 'reports/:look', element: reports },
          { path: 'looks', element: view(() => import('../looks/LooksView')) },
          { path: 'dashboards', element: view(() => import('../dashboards/DashboardsView')) },
          { path: 'dashboards/:dashboard', element: view(() => import('../dashboards/DashboardView')) },
          { path: 'data', element: manage },
          { path: 'data/objects/:object', element: manage },
          { path: 'data/import', element: view(() => import('../imports/ImportView')) },
          { path: 'data/imports', element: view(() => import('../imports/ImportsView')) },
          { path: 'data/integrations', element: view(() => import('../integrations/IntegrationsView')) },
          { path: 'data/integrations/:name', element: view(() => import('../integrations/IntegrationView')) },
          { path: 'data/records', element: view(() => import('../records/RecordView')) },
          { path: 'data/settings', element: view(() => import('../tenant/SettingsView')) },
          { path: 'ops', element: view(() => import('../ops/OpsView')) },
          { path: '*', element: <NotFound /> },
        ],
      },
      { path: '*', element: <NotFound /> },
    ],
  },
])
