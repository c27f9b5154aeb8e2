// Writes FILE.br and FILE.gz beside every text of dist, so that the server compresses nothing while it serves.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants, gzipSync } from 'node:zlib'

const SMALLEST = 1024
const TEXTS = /\.(?:js|css|html|svg|md|json)$/

function files(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? files(path) : [path]
  })
}

for (const path of files('dist').filter((name) => TEXTS.test(name))) {
  const content = readFileSync(path)
  if (content.length < SMALLEST) continue
  writeFileSync(`${path}.gz`, gzipSync(content, { level: 9 }))
  writeFileSync(`${path}.br`, brotliCompressSync(content, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }))
}
