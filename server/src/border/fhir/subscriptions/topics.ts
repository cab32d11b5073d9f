import { type ResourceType, resourceTypes } from '@hutong/fhir';
import type { Resource } from '../../fact.ts';

/** One kind of change that may be subscribed to (R5 SubscriptionTopic). */
export type Topic = {
  url: string;
  title: string;
  description: string;
  triggers: {
    resource: ResourceType;
    interactions: readonly Interaction[] /** A search that the new version must satisfy. */;
    current?: string;
  }[];
  /** With full resources, what else is sent along (`_include`). */
  includes: readonly string[];
  /** A subscription must filter. */
  filtered?: true;
};
export type Interaction = 'create' | 'update' | 'delete';

const base = 'urn:hutong:topic';
const any = ['create', 'update', 'delete'] as const;
/** Working data of the platform's own faces: nobody's record. */
const withoutTopic: readonly ResourceType[] = ['Subscription', 'Bundle', 'Binary', 'Parameters', 'OperationOutcome'];

export const topics: readonly Topic[] = [
  {
    url: `${base}:record-changed`,
    title: 'A resource was written or deleted',
    description:
      'Any resource of the record. A deletion is told to whoever was told of the resource before. At least one filter criterion names the type.',
    triggers: resourceTypes
      .filter((resource) => !withoutTopic.includes(resource))
      .map((resource) => ({ resource, interactions: any })),
    includes: [],
    filtered: true,
  },
  {
    url: `${base}:laboratory-result`,
    title: 'A laboratory result was released or corrected',
    description:
      'Observations and reports of the laboratory that are final, amended or corrected; the patient comes along.',
    triggers: [
      {
        resource: 'Observation',
        interactions: ['create', 'update'],
        current: 'category=laboratory&status=final,amended,corrected',
      },
      {
        resource: 'DiagnosticReport',
        interactions: ['create', 'update'],
        current: 'category=LAB&status=final,amended,corrected',
      },
    ],
    includes: ['Observation:patient', 'DiagnosticReport:patient'],
  },
  {
    url: `${base}:visit-changed`,
    title: 'A visit was opened, changed or closed',
    description: 'Encounters with every status; the patient comes along.',
    triggers: [{ resource: 'Encounter', interactions: any }],
    includes: ['Encounter:patient'],
  },
];

export const topicOf = (url: string): Topic | undefined => topics.find((topic) => topic.url === url.split('|')[0]);

type Extension = { url: string; extension?: Extension[]; [value: `value${string}`]: unknown };
const r5 = (element: string): string =>
  `http://hl7.org/fhir/5.0/StructureDefinition/extension-SubscriptionTopic.${element}`;

/** A topic as R4 says it: a Basic with the elements of R5 as cross-version extensions (subscriptions-backport, "SubscriptionTopic in R4"). */
export function asBasic(topic: Topic): Resource {
  const trigger = ({ resource, interactions, current }: Topic['triggers'][0]): Extension => ({
    url: r5('resourceTrigger'),
    extension: [
      { url: 'resource', valueUri: `http://hl7.org/fhir/StructureDefinition/${resource}` },
      ...interactions.map((code): Extension => ({ url: 'supportedInteraction', valueCode: code })),
      ...(current === undefined
        ? []
        : [{ url: 'queryCriteria', extension: [{ url: 'current', valueString: current }] }]),
    ],
  });
  return {
    resourceType: 'Basic',
    id: topic.url.slice(base.length + 1),
    extension: [
      { url: r5('url'), valueUri: topic.url },
      { url: r5('title'), valueString: topic.title },
      { url: r5('description'), valueMarkdown: topic.description },
      ...topic.triggers.map(trigger),
      ...(topic.includes.length === 0
        ? []
        : topic.triggers.map(
            ({ resource }): Extension => ({
              url: r5('notificationShape'),
              extension: [
                { url: 'resource', valueUri: `http://hl7.org/fhir/StructureDefinition/${resource}` },
                ...topic.includes
                  .filter((include) => include.startsWith(`${resource}:`))
                  .map((include): Extension => ({ url: 'include', valueString: include })),
              ],
            }),
          )),
    ],
    modifierExtension: [{ url: r5('status'), valueCode: 'active' }],
    code: { coding: [{ system: 'http://hl7.org/fhir/fhir-types', code: 'SubscriptionTopic' }] },
  };
}
