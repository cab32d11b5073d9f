/** HTTP: login, validation, one error shape, OpenAPI; mounts what the rooms' doors declare. */
export { openGateway } from './gateway.ts';
export { eraseResidentAccounts, openLogin } from './login/index.ts';
export { demoLogins, registerDemoStaff } from './pages/demo-logins.ts';
export { registerDemoResident } from './pages/demo-resident.ts';
export { directoryRoutes } from './pages/directory.ts';
export { operationsRoutes } from './pages/operations.ts';
export { platformRoutes } from './pages/platform.ts';
export { tourRoutes } from './pages/tour.ts';
export { serveWeb } from './pages/web.ts';
export { migrations } from './schema.ts';
