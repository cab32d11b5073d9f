export { type Cluster, type ClusterOptions, openCluster } from './cluster.ts';
export { canReach, makeTraversable, unprivilegedUser } from './unprivileged-user.ts';
