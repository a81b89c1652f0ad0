/**
 * What the firmware says the machine is, and which cloud that gives away. Serial numbers and asset
 * tags are compared with what is known, and never recorded.
 */
import { defined, readText } from "./read-text.ts";

export interface Dmi {
  readonly vendor?: string;
  readonly product?: string;
  readonly firmwareVendor?: string;
  readonly firmwareVersion?: string;
  readonly firmwareDate?: string;
  readonly assetTag?: string;
}

export interface FirmwareInventory {
  readonly vendor?: string;
  readonly version?: string;
  /** As the maker writes it: `04/01/2014`. */
  readonly date?: string;
}

export function readDmi(sysRoot: string): Dmi {
  const read = (name: string) => readText(`${sysRoot}/class/dmi/id/${name}`);
  return defined<Dmi>({
    vendor: read("sys_vendor"),
    product: read("product_name"),
    firmwareVendor: read("bios_vendor"),
    firmwareVersion: read("bios_version"),
    firmwareDate: read("bios_date"),
    assetTag: read("chassis_asset_tag"),
  });
}

export function readFirmware(sysRoot: string): FirmwareInventory | undefined {
  const { firmwareVendor, firmwareVersion, firmwareDate } = readDmi(sysRoot);
  const firmware = defined<FirmwareInventory>({
    vendor: firmwareVendor,
    version: firmwareVersion,
    date: firmwareDate,
  });
  return Object.keys(firmware).length > 0 ? firmware : undefined;
}

/** Azure's tag is the same on all of its machines; Hyper-V elsewhere has another, or none. */
const AZURE_TAG = "7783-7084-3265-9085-8269-3286-77";

const CLOUDS: readonly (readonly [string, (dmi: Dmi) => boolean])[] = [
  // On Xen, before Nitro, only the version of the firmware tells: `4.11.amazon`.
  ["aws", (dmi) => dmi.vendor === "Amazon EC2" || /amazon/i.test(dmi.firmwareVersion ?? "")],
  ["gcp", (dmi) => /^Google (Compute Engine|Cloud)/.test(dmi.product ?? "")],
  ["azure", (dmi) => dmi.assetTag === AZURE_TAG],
  ["oracle", (dmi) => dmi.assetTag === "OracleCloud.com"],
  ["alibaba", (dmi) => dmi.product?.startsWith("Alibaba Cloud") === true],
  ["huawei", (dmi) => dmi.assetTag === "HUAWEICLOUD"],
  ["digitalocean", (dmi) => dmi.vendor === "DigitalOcean"],
  ["hetzner", (dmi) => dmi.vendor === "Hetzner"],
  ["scaleway", (dmi) => dmi.vendor === "Scaleway"],
  ["upcloud", (dmi) => dmi.vendor === "UpCloud"],
  ["vultr", (dmi) => dmi.vendor === "Vultr"],
  ["exoscale", (dmi) => dmi.product?.startsWith("Exoscale") === true],
  ["openstack", (dmi) => /^OpenStack (Nova|Compute)/.test(dmi.product ?? dmi.assetTag ?? "")],
];

/** `m5.xlarge`, `c7g.metal`, `u-6tb1.56xlarge`. */
const EC2_TYPE = /^[a-z][a-z0-9-]*\.[a-z0-9-]+$/;

export function cloudOf(dmi: Dmi): { readonly cloud?: string; readonly instanceType?: string } {
  const cloud = CLOUDS.find(([, is]) => is(dmi))?.[0];
  const product = dmi.product ?? "";
  return {
    ...(cloud ? { cloud } : undefined),
    ...(cloud === "aws" && EC2_TYPE.test(product) ? { instanceType: product } : undefined),
  };
}
