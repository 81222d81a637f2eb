import { z } from 'zod';
import { exportData, exportDataTypes, exportFormats } from '../../exports/contract.ts';
import { createExport, readExport } from '../../exports/service.ts';
import { instant, nothing, uuid } from '../http/parameters.ts';
import { data, defineRoute, noBody, notFound } from '../route.ts';

export const postExport = defineRoute({
  method: 'POST',
  path: '/api/analytics/exports',
  operationId: 'createExport',
  summary: 'Begins an export',
  description:
    'Ask at the answer’s `address` (header `Location`) until its state is finished; it then has a link to the file.',
  access: 'manage_users',
  params: nothing,
  query: nothing,
  body: z
    .strictObject({
      format: z.enum(exportFormats),
      data_type: z.enum(exportDataTypes),
      since: instant.optional(),
      until: instant.optional(),
    })
    .meta({ examples: [{ format: 'csv', data_type: 'learners' }] }),
  data: exportData,
  success: 202,
  async answer({ body: { format, data_type: dataType, since, until } }, { exports }) {
    const job = await createExport(exports, { format, dataType, since, until });
    // Relative to this address: the gateway's stage is before it.
    return data(job, { headers: { Location: `exports/${job.id}` } });
  },
});

export const getExport = defineRoute({
  method: 'GET',
  path: '/api/analytics/exports/{id}',
  operationId: 'getExport',
  summary: 'How far an export is, and where its file is',
  access: 'manage_users',
  params: z.strictObject({ id: uuid }),
  query: nothing,
  body: noBody,
  data: exportData,
  also: [404],
  async answer({ params }, { exports }) {
    const job = await readExport(exports, params.id);
    return job === null ? notFound('export') : data(job);
  },
});
