// Cube's REST server as it is, less the two parts that need its native binary, which is no npm package but a download
// of its install script: the SQL interface and Jinja templates. Neither is asked for here.
const express = require('express');
const { ApiGateway } = require('@cubejs-backend/api-gateway');
const { CubejsServerCore } = require('@cubejs-backend/server-core');
const { CompilerApi } = require('@cubejs-backend/server-core/dist/src/core/CompilerApi');
const ClickHouseDriver = require('@cubejs-backend/clickhouse-driver');

ApiGateway.prototype.createSQLServerInstance = () => null;
CompilerApi.prototype.createNativeInstance = () => ({ newJinjaEngine: () => null });

async function main() {
  const core = new CubejsServerCore({
    dbType: 'clickhouse',
    driverFactory: () => new ClickHouseDriver({}),
    schemaPath: 'model',
    devServer: false,
    telemetry: false,
    scheduledRefreshTimer: false,
    cacheAndQueueDriver: 'memory',
  });
  const app = express();
  app.use(express.json());
  await core.initApp(app);
  app.listen(Number(process.env.PORT), '127.0.0.1');
}

main();
