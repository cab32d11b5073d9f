/** Entry of a worker thread: does the job in `workerData` and posts the result. */
import { parentPort, workerData } from 'node:worker_threads';
import { doJob, type WorkerJob } from './worker-jobs.ts';

parentPort?.postMessage(doJob(workerData as WorkerJob));
