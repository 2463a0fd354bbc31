/** Holds the lock of a directory until it is killed. */
import { lockDirectory } from '../../src/store/directory-lock.ts';

await lockDirectory(process.argv[2]!);
process.stdout.write('locked\n');
setInterval(() => {}, 1000);
