import { Injectable, type OnModuleInit } from '@nestjs/common';
import { DiscoveryService } from '@nestjs/core';
import { HoldsPersonalData, type PersonalDataHolder } from './personal-data.types.js';

/** Everybody who holds personal data, collected at boot. */
@Injectable()
export class PersonalDataRegistry implements OnModuleInit {
  private readonly holders = new Map<string, PersonalDataHolder>();

  constructor(private readonly discovery: DiscoveryService) {}

  /** @throws Error when two holders answer for one section: the boot stops */
  onModuleInit(): void {
    for (const { instance } of this.discovery.getProviders({ metadataKey: HoldsPersonalData.KEY })) {
      const holder = instance as PersonalDataHolder;
      if (this.holders.has(holder.section)) throw new Error(`two holders of personal data answer for ${holder.section}`);
      this.holders.set(holder.section, holder);
    }
  }

  all(): PersonalDataHolder[] {
    return [...this.holders.values()];
  }
}
