/**
 * URIs of the identifier systems and code systems that every room names the same way.
 * OIDs under 2.16.156.10011 are those of the Chinese shared documents (WS/T 483-2016, WS/T 500-2016).
 */
export const systems = {
  residentNumber: 'urn:oid:2.16.156.10011.1.3',
  healthRecordNumber: 'urn:oid:2.16.156.10011.1.2',
  staff: 'urn:oid:2.16.156.10011.1.4',
  institution: 'urn:oid:2.16.156.10011.1.5',
  outpatientNumber: 'urn:oid:2.16.156.10011.1.11',
  inpatientNumber: 'urn:oid:2.16.156.10011.1.12',
  healthCard: 'urn:oid:2.16.156.10011.1.19',
  ethnicGroup: 'urn:oid:2.16.156.10011.2.3.3.3',
  icd10: 'http://hl7.org/fhir/sid/icd-10',
  loinc: 'http://loinc.org',
  ucum: 'http://unitsofmeasure.org',
} as const;
