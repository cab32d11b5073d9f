/** 'AllergyIntolerance' -> 'allergy-intolerance': the name of the generated file of a resource type. */
export function kebab(type: string): string {
  return type.replace(/(?<=[a-z0-9])[A-Z]/g, '-$&').toLowerCase();
}
