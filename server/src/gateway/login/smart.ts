import type { Config } from '../../kit/config.ts';
import { assertionAlgorithms, issuerOf } from './provider.ts';

/**
 * SMART App Launch 2.2 section 6 (`.well-known/smart-configuration`). It says what is there: backend services. Apps that launch for a
 * clinician or a resident are not, so neither an authorization endpoint nor a launch capability is named.
 */
export const smartConfiguration = (config: Config): object => ({
  token_endpoint: `${issuerOf(config)}/token`,
  token_endpoint_auth_methods_supported: ['private_key_jwt'],
  token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
  grant_types_supported: ['client_credentials'],
  scopes_supported: ['system/*.cruds', 'system/*.rs', 'system/*.read', 'system/*.write', 'system/*.*'],
  response_types_supported: [],
  // Required by the specification; there is no code flow for apps that could use it.
  code_challenge_methods_supported: ['S256'],
  capabilities: ['client-confidential-asymmetric', 'permission-v1', 'permission-v2'],
});
