import { afterAll } from 'vitest';
import { endProcesses } from '../system/processes.ts';

/** A test that fails leaves its processes running: they end with its file, whoever goes on in this worker. */
afterAll(endProcesses);
