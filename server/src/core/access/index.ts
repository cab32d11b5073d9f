/** Who may see what, and why. Default deny; every check of the house is made with these functions. */
export {
  breakGlassHours,
  careRelationshipDays,
  decideRecordAccess,
  may,
  presentedCodeHours,
  type RecordAccess,
  type Relation,
  scopeCovers,
} from './decide.ts';
export { labelOf } from './labels.ts';
export {
  type Caller,
  type Ground,
  type Permission,
  permissions,
  permissionsOfRole,
  type Role,
  roles,
} from './model.ts';
export { isNotifiable } from './notifiable.ts';
export { type Call, isRefusal, personalPermissions, type Refusal, type Reply, type Route, refuse } from './route.ts';
export {
  breakGlassUntil,
  erasePresented,
  openBreakGlass,
  type PresentedCode,
  presentedUntil,
  presentedWriter,
} from './tables.ts';
