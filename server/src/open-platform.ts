import type { Server } from 'node:http';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import { writeCaseReport } from './border/cda/index.ts';
import { erasureRoutes } from './border/erasure/index.ts';
import {
  eraseSubscriptionEvents,
  fhirRoutes,
  openFhirDoor,
  openJobFiles,
  openSubscriptions,
  packageDefinitions,
  publishDefinitions,
  startExports,
  startImports,
  terminologyResources,
} from './border/fhir/index.ts';
import {
  batchRoutes,
  busiestInstitutions,
  documentOutRoutes,
  type Intake,
  inboxRoutes,
  type MllpThreads,
  openFactRecorder,
  openHl7Queries,
  openIntake,
  openMllpThreads,
  openPersonQueries,
  type Processor,
  retranslate,
  sealOlder,
  startBatches,
  startProcessor,
  submissionRoutes,
} from './border/intake/index.ts';
import { sealAudit } from './core/audit/index.ts';
import { openDirectory } from './core/directory/index.ts';
import { openFeed } from './core/events/index.ts';
import { openIdentity, openRecordAccess, sealOlderRows } from './core/identity/index.ts';
import { ownersByKeys, reindexResources, sealFormerVersions } from './core/store/index.ts';
import { loadTerminology, openTerminology } from './core/terminology/index.ts';
import { openVault } from './core/vault/index.ts';
import { reportDemoCards } from './demo-doctors.ts';
import {
  demoLogins,
  directoryRoutes,
  eraseResidentAccounts,
  migrations,
  openGateway,
  openLogin,
  operationsRoutes,
  platformRoutes,
  registerDemoResident,
  registerDemoStaff,
  serveWeb,
  tourRoutes,
} from './gateway/index.ts';
import { type Config, projectRoot } from './kit/config.ts';
import { openEgress } from './kit/egress.ts';
import { GroupCommitter } from './kit/group-commit.ts';
import { migrate } from './kit/migrate.ts';
import { openPool, type Pool } from './kit/pool.ts';
import { keepStatistics } from './kit/statistics.ts';
import { vaultOf } from './kit/vault.ts';
import type { WorkLoop } from './kit/work-loop.ts';
import { httpInsuranceAdapter, openHealthCode, openKeyStore } from './services/health-code/index.ts';
import { laboratoryTerms, recordIndexConsumer, recordIndexRoutes } from './services/record-index/index.ts';
import { openSurveillance } from './services/surveillance/index.ts';

export type Platform = {
  pool: Pool;
  intake: Intake;
  processor: Processor;
  exports: WorkLoop;
  url: string;
  port: number;
  mllpPort: number;
  operatorKeyFile: string | null;
  /** Everything acknowledged is recorded, and every consumer has read it. */
  settled(): Promise<void>;
  /** Demo staff get their workplaces once institutions are registered. */
  refreshDemo(): Promise<void>;
  /** The demo's doctors and reviewers work off most of its past report cards, beside everything else. */
  reportDemoCards(): void;
  /** Does what surveillance has due at `now` (push-backs of missed reports), without waiting for its timer. */
  surveillanceChores(now: Date): Promise<void>;
  /** Stops taking, answers what is under way, closes. */
  stop(): Promise<void>;
};

/** Opens the rooms in the order in which data flows through them, then the two ports. */
export async function openPlatform(config: Config, databaseUrl: string): Promise<Platform> {
  const pool = openPool(databaseUrl, 'server', 24);
  const schema = await migrate(pool, migrations);
  await openVault(pool, {
    secret: config.secret,
    cipher: config.cipher,
    ...(config.previousSecret && { previousSecret: config.previousSecret }),
  });
  await loadTerminology(pool);
  while ((await sealOlder(pool, 'correction')) > 0);
  const startedAt = new Date();
  const directory = await openDirectory(pool);
  const terminology = await openTerminology(pool);
  await publishDefinitions(pool, [...terminologyResources(terminology), ...packageDefinitions()], startedAt.getTime());
  const committer = new GroupCommitter(pool);
  await sealOlderRows(pool);
  const identity = openIdentity(pool);
  const records = openRecordAccess(pool, identity);
  const recorder = openFactRecorder(pool, identity);
  // What goes wrong before the gateway is open has no log yet: it is said on the terminal, by kind and code alone.
  let log: { error(fields: object, message: string): void } = {
    error: (fields, message) => void process.stderr.write(`${JSON.stringify({ ...fields, message })}\n`),
  };
  const report =
    (where: string) =>
    (error: unknown): void => {
      log.error(
        {
          where,
          kind: (error as Error).name,
          code: (error as { code?: string }).code,
          at: (error as Error).stack?.split('\n').slice(1, 4),
        },
        'failure',
      );
    };
  const egress = openEgress(config.egress, config.egressNetworks);
  const surveillance = openSurveillance({
    pool,
    directory,
    identity,
    terminology,
    boundaries: config.boundaries,
    writeReport: writeCaseReport,
    egress,
    publicUrl: config.publicUrl,
  });
  const healthCode = openHealthCode({
    pool,
    committer,
    directory,
    identity,
    keys: openKeyStore(config),
    insurance: config.insuranceUrl ? httpInsuranceAdapter(config.insuranceUrl) : null,
  });
  const subscriptions = openSubscriptions({
    pool,
    committer,
    identity,
    directory,
    terminology,
    records,
    owner: (key) => ownersByKeys(pool, [key]).then((found) => found.get(key)),
    egress,
    onError: report('subscriptions'),
  });
  const feed = await openFeed(
    pool,
    [identity.matcher, recordIndexConsumer, surveillance.consumer, healthCode.visits, subscriptions.consumer],
    (consumer, error) => report(consumer)(error),
  );
  let mllp: MllpThreads | null = null;
  const processor = startProcessor({
    pool,
    committer,
    recorder,
    translate: (message) => retranslate(message, directory.institution(message.institution ?? 0)?.code ?? ''),
    institutionOf: (id) => (id === null ? undefined : directory.institution(id)),
    sendersWaiting: () => intake.underWay() + (mllp?.underWay() ?? 0),
    onRecorded: () => feed.nudge(),
    onError: report('processor'),
  });
  const persons = openPersonQueries({ directory, identity, committer });
  const queries = openHl7Queries({ directory, persons });
  const intake = openIntake(
    pool,
    committer,
    () => processor,
    () => feed.nudge(),
  );
  const login = await openLogin({
    config,
    pool,
    directory,
    identity,
    committer,
    demoAccounts: config.demo ? demoLogins : [],
  });
  const refreshDemo = async (): Promise<void> => {
    await registerDemoStaff(directory, await busiestInstitutions(pool));
    await registerDemoResident({ pool, identity, healthCode });
  };
  if (config.demo) await refreshDemo();
  const batches = startBatches({ pool, intake, directory, onError: report('batches') });
  const exportFiles = openJobFiles(join(config.dataDir, 'exports'), vaultOf(pool));
  const exports = startExports({ pool, committer, records, files: exportFiles, onError: report('export') });
  const fhir = openFhirDoor({
    pool,
    identity,
    intake,
    directory,
    records,
    terminology,
    egress,
    version: config.version,
  });
  const importFiles = openJobFiles(join(config.dataDir, 'imports'), vaultOf(pool));
  const imports = startImports({ door: fhir, committer, files: importFiles, onError: report('import') });
  let mllpPort = 0;
  const app = await openGateway({
    config,
    committer,
    authenticate: login.authenticate,
    raw: login.raw,
    routes: [
      ...login.routes,
      ...fhirRoutes(
        fhir,
        { files: exportFiles, work: exports },
        { files: importFiles, work: imports },
        subscriptions.door,
      ),
      ...erasureRoutes({
        pool,
        identity,
        onCommitted: () => feed.nudge(),
        twoPersons: config.erasureTwoPersons,
        others: [healthCode.erase, eraseResidentAccounts, eraseSubscriptionEvents],
      }),
      ...submissionRoutes({ intake, directory, queries, persons }),
      ...batchRoutes({ pool, identity, work: batches }),
      ...documentOutRoutes({ pool, directory, records }),
      ...inboxRoutes({ pool, directory, committer, processor }),
      ...recordIndexRoutes({ pool, directory, identity, records, terms: laboratoryTerms(terminology) }),
      ...identity.routes({ directory, twoPeople: config.twoPeople }),
      ...surveillance.routes,
      ...healthCode.routes,
      ...directoryRoutes(directory),
      ...tourRoutes({ config, pool, directory, identity, feed, mllpPort: () => mllpPort }),
      ...operationsRoutes({
        config,
        pool,
        feed,
        committer,
        schemaVersion: schema.version,
        startedAt,
        recorded: () => processor.counters.recorded,
      }),
      ...platformRoutes({
        pool,
        feed,
        committer,
        counters: () => ({
          intake: mllp ? mllp.countersWith(intake.counters) : intake.counters,
          processor: processor.counters,
          mllpConnections: mllp?.connections() ?? 0,
        }),
      }),
    ],
  });
  log = app.log;
  await serveWeb(app, fastifyStatic, {
    console: join(projectRoot, 'web/console/dist'),
    resident: join(projectRoot, 'web/resident/dist'),
  });
  mllp = await openMllpThreads(
    {
      databaseUrl,
      secret: config.secret,
      cipher: config.cipher,
      host: config.host,
      port: config.mllpPort,
      tls: config.mllpTls,
      maxBytes: config.maxBodyBytes,
    },
    config.mllpThreads,
    {
      onStored: (judged) => {
        processor.wake();
        if (judged) feed.nudge();
      },
      onError: report('mllp'),
    },
  );
  mllpPort = mllp.port;
  await app.listen({ port: config.port, host: config.host });
  const { port } = app.server.address() as { port: number };
  subscriptions.start(app.server as Server);
  const { detection, watch, chores } = surveillance.start(report('surveillance'));
  const codes = healthCode.start(report('health-code'));
  const statistics = keepStatistics(pool, report('statistics'));
  let stopping = false;
  let demoDoctors: Promise<unknown> = Promise.resolve();
  // Rows that an older program wrote get their new index words and their seal, a few hundred at a time, beside the work.
  const reindexing = (async () => {
    while (!stopping && (await reindexResources(pool)) > 0);
    while (!stopping && (await sealFormerVersions(pool)) > 0);
    for (const table of ['again', 'message'] as const) while (!stopping && (await sealOlder(pool, table)) > 0);
  })().catch(report('reindex'));
  const timers = [
    setInterval(() => void sealAudit(pool).catch(report('audit')), 1000),
    setInterval(() => void directory.refresh().catch(report('directory')), 5000),
  ];
  return {
    pool,
    intake,
    processor,
    exports,
    url: config.publicUrl,
    port,
    mllpPort,
    operatorKeyFile: login.operatorKeyFile,
    async settled() {
      await processor.settled();
      await feed.settled();
    },
    surveillanceChores: (now) => chores.runNow(now),
    refreshDemo,
    reportDemoCards() {
      const door = { routes: surveillance.routes, directory, committer };
      demoDoctors = reportDemoCards(door, Date.now(), () => stopping).catch(report('demo-doctors'));
    },
    async stop() {
      for (const timer of timers) clearInterval(timer);
      stopping = true;
      await reindexing;
      await demoDoctors;
      await statistics.stop();
      await detection.stop();
      await exports.stop();
      await batches.stop();
      await imports.stop();
      await subscriptions.stop();
      await watch.stop();
      await chores.stop();
      await codes.stop();
      await mllp?.close();
      await app.close();
      await processor.stop();
      await feed.stop();
      await login.close();
      await sealAudit(pool).catch(report('audit'));
      await pool.end();
    },
  };
}
