/**
 * A thread that moves what was written from the log into the database file, over a connection of its own, and ends.
 * Takes the path as worker data. The disk may take its time; the thread that writes goes on meanwhile.
 */
import { workerData } from 'node:worker_threads';
import { Database } from './database.js';

const database = new Database(String(workerData));
database.checkpoint();
database.close();
