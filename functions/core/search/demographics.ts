/** Demographics that survey statements bring and breakdowns can group by, as `ext:<name>`; keyword fields of the index. */
export const demographicFields = [
  'department',
  'location',
  'job_level',
  'tenure',
  'generation',
  'team',
  'role',
  'division',
  'business_unit',
  'region',
  'employment_type',
  'cohort',
  'segment',
] as const;

export type DemographicField = (typeof demographicFields)[number];
export type Demographics = Readonly<Partial<Record<DemographicField, string>>>;
