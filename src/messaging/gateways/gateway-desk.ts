import { GatewayPages } from './gateway-pages.queries.js';
import { GatewayTrials } from './gateway-trials.commands.js';
import { GatewaysApiController } from './gateways.api.controller.js';
import { GatewaysCommands } from './gateways.commands.js';
import { GatewaysPagesController } from './gateways.pages.controller.js';
import { GatewaysQueries } from './gateways.queries.js';
import { KannelApiController } from './http/kannel.api.controller.js';

/** Whatever enters, shows and tries gateways; how messages go through them is another matter. */
export const GATEWAY_DESK = [GatewaysQueries, GatewaysCommands, GatewayPages, GatewayTrials];

export const GATEWAY_CONTROLLERS = [GatewaysApiController, GatewaysPagesController, KannelApiController];
