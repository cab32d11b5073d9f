export { type Cluster, type ClusterOptions, openCluster } from './cluster.ts';
export { openLastingCluster } from './lasting-cluster.ts';
export { canReach, makeTraversable, unprivilegedUser } from './unprivileged-user.ts';
