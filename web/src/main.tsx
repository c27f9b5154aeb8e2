import '@fontsource-variable/inter/wght.css'
import './styles/mantine'
import './styles/tokens.css'
import './styles/components.css'
import './styles/shell.css'
import './styles/overlays.css'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app/App'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
