import ipaddr from 'ipaddr.js';
import { type CityResponse, open, type Reader } from 'maxmind';
import type { Location } from '../../events/origin/sender.ts';

/** The database of addresses can't be read. */
class AddressDatabaseProblem extends Error {
  readonly code = 'address-database';
  readonly retryable = false;
}

/** Addresses that are asked about often are few; so many are remembered. */
const CACHED = 10_000;

/** A database of MaxMind's form, such as GeoLite2 City, in memory. A file that takes its place is taken in. */
export class AddressDatabase {
  private readonly reader: Reader<CityResponse>;

  private constructor(reader: Reader<CityResponse>) {
    this.reader = reader;
  }

  /** @throws AddressDatabaseProblem */
  static async open(path: string): Promise<AddressDatabase> {
    try {
      const reader = await open<CityResponse>(path, {
        cache: { max: CACHED },
        watchForUpdates: true,
        watchForUpdatesNonPersistent: true,
      });
      return new AddressDatabase(reader);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new AddressDatabaseProblem(`GEOIP_DATABASE can't be read: ${why}; it must be an .mmdb file of cities`);
    }
  }

  /** City in English and country by its code of ISO 3166. */
  locate(address: string): Location | undefined {
    if (!ipaddr.isValid(address)) return undefined;
    // An IPv4 address within IPv6 is looked for as what it is.
    const found = this.reader.get(ipaddr.process(address).toString());
    return found === null ? undefined : { city: found.city?.names?.en, country: found.country?.iso_code };
  }
}
