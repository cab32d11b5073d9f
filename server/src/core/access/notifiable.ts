/**
 * ICD-10 prefixes of notifiable diseases (Law on the Prevention and Treatment of Infectious Diseases, 2025 revision; class A and the
 * common class B and C diseases). It is only the epidemiologist's ground for opening a record; the list that surveillance counts by is versioned data of its own.
 */
const prefixes = [
  'A00', 'A01', 'A03', 'A06', 'A08', 'A09', 'A15', 'A16', 'A17', 'A18', 'A19', 'A20', 'A22', 'A23', 'A27', 'A33', 'A35', 'A36', 'A37', 'A38', 'A39', 'A80', 'A82', 'A83', 'A90', 'A91',
  'A98', 'B04', 'B05', 'B06', 'B08.4', 'B15', 'B16', 'B17', 'B18', 'B19', 'B26', 'B30', 'B50', 'B51', 'B52', 'B53', 'B54', 'B65', 'B67', 'B74', 'J09', 'J10', 'J11', 'J12.81', 'U04', 'U07',
];

export const isNotifiable = (icd10: string): boolean => prefixes.some((prefix) => icd10.startsWith(prefix));
