import type { Delivery, DeliveryState, Endpoint } from './webhooks.types.js';

const CHIPS: Readonly<Record<DeliveryState, string>> = { waiting: 'info', delivered: 'ok', dead: 'bad' };

export const deliveryView = (endpoint: Endpoint, delivery: Delivery) => ({
  ...delivery,
  chip: CHIPS[delivery.state],
  again: delivery.state === 'waiting' ? undefined : `/admin/webhooks/${endpoint.id}/deliveries/${delivery.id}/again`,
});

export const endpointView = (endpoint: Endpoint) => ({
  ...endpoint,
  href: `/admin/webhooks/${endpoint.id}`,
  chip: endpoint.lastState ? CHIPS[endpoint.lastState] : '',
});
