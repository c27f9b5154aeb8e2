// What the reference parser finds in AsyncAPI documents: an object of documents on standard input, the findings by the same
// names on standard output.
const { readFileSync } = require('node:fs');
const { Parser } = require('@asyncapi/parser');

async function findings(text) {
  const { document, diagnostics } = await new Parser().parse(text);
  const channels = document ? document.allChannels().all() : [];
  return {
    diagnostics: diagnostics.map(({ code, severity, path, message }) => ({ code, severity, path: path.join('/'), message })),
    channels: Object.fromEntries(channels.map((channel) => [channel.id(), channel.messages().all().map((message) => message.name())])),
  };
}

async function main() {
  const found = {};
  for (const [name, document] of Object.entries(JSON.parse(readFileSync(0, 'utf8')))) {
    found[name] = await findings(JSON.stringify(document));
  }
  process.stdout.write(JSON.stringify(found));
}

main();
