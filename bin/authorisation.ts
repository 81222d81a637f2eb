import { writeFile } from 'node:fs/promises';
import { routes } from '../functions/api/routes/index.ts';
import { authorisationDocument } from './docs/authorisation.ts';

await writeFile(new URL('../docs/authorisation.md', import.meta.url), authorisationDocument(routes));
