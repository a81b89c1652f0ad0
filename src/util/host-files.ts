/**
 * The file functions of Node that collectors and the inventory use, for the files of this machine
 * and for those that a recording holds as text: such a tree is mounted below a root of its own, and
 * whoever reads below that root reads from it, none the wiser.
 *
 * For real files they are Node's own functions; a read costs one comparison more.
 */
import {
  closeSync as closeReal,
  existsSync as existsReal,
  fstatSync as fstatReal,
  openSync as openReal,
  readdirSync as listReal,
  readFileSync as readWholeReal,
  readlinkSync as linkReal,
  readSync as readReal,
  statSync as statReal,
} from "node:fs";

/** A file of a tree. What it holds may change between two reads, as files of /proc do. */
export interface TreeFile {
  /** As of a positioned read. @throws `fileError` when it cannot be read any more */
  read(into: Uint8Array, offset: number, length: number, position: number): number;
  /** All of it as it was seen last, however long ago. */
  whole(): Buffer;
}

/** Files by path below the root (`proc/stat`), folders and symbolic links among them. */
export interface FileTree {
  file(path: string): TreeFile | undefined;
  /** Names in a folder, or `undefined` when there is no such folder. */
  list(path: string): string[] | undefined;
  /** What a symbolic link points to. */
  link(path: string): string | undefined;
}

/** The kernel lets nobody make anything in /proc: whoever asks Node itself is told that there is none. */
const ROOTS = "/proc/recorded/";

/** Above all descriptors that the kernel gives. */
const FIRST_DESCRIPTOR = 0x40000000;

const trees = new Map<string, FileTree>();
const openFiles = new Map<number, TreeFile>();
let mounts = 0;
let nextDescriptor = FIRST_DESCRIPTOR;

/** @returns the root of the tree, to be unmounted when it is not needed any more */
export function mountTree(tree: FileTree): string {
  const root = `${ROOTS}${++mounts}`;
  trees.set(root.slice(ROOTS.length), tree);
  return root;
}

export function unmountTree(root: string): void {
  trees.delete(root.slice(ROOTS.length));
}

/** An error as Node's file functions throw it. */
export function fileError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: ${path}`), { code, path });
}

export function openSync(path: string, flags: "r"): number {
  const place = placeOf(path);
  if (!place) return openReal(path, flags);
  const file = place.tree.file(place.path);
  if (!file) throw fileError("ENOENT", path);
  openFiles.set(nextDescriptor, file);
  return nextDescriptor++;
}

export function readSync(
  fd: number,
  into: Uint8Array,
  offset: number,
  length: number,
  position: number,
): number {
  if (fd < FIRST_DESCRIPTOR) return readReal(fd, into, offset, length, position);
  const file = openFiles.get(fd);
  if (!file) throw fileError("EBADF", `descriptor ${fd}`);
  return file.read(into, offset, length, position);
}

export function closeSync(fd: number): void {
  if (fd < FIRST_DESCRIPTOR) closeReal(fd);
  else openFiles.delete(fd);
}

/** Link count of an open file or folder; a recorded one has none that says anything. */
export function fstatSync(fd: number): { readonly nlink: number } {
  return fd < FIRST_DESCRIPTOR ? fstatReal(fd) : { nlink: 0 };
}

export function readFileSync(path: string): Buffer;
export function readFileSync(path: string, encoding: "utf8" | "latin1"): string;
export function readFileSync(path: string, encoding?: "utf8" | "latin1"): Buffer | string {
  const place = placeOf(path);
  if (!place) return readWholeReal(path, encoding);
  const file = place.tree.file(place.path);
  if (!file) throw fileError("ENOENT", path);
  return encoding === undefined ? file.whole() : file.whole().toString(encoding);
}

export function readdirSync(path: string): string[] {
  const place = placeOf(path);
  if (!place) return listReal(path);
  const names = place.tree.list(place.path);
  if (!names) throw fileError("ENOENT", path);
  return names;
}

/** Names of the folders in a folder. */
export function foldersIn(path: string): string[] {
  const place = placeOf(path);
  if (place) {
    const { tree, path: below } = place;
    return readdirSync(path).filter((name) => tree.list(`${below}/${name}`) !== undefined);
  }
  const names: string[] = [];
  for (const entry of listReal(path, { withFileTypes: true })) {
    if (entry.isDirectory()) names.push(entry.name);
  }
  return names;
}

/** Link count, see `fstatSync`. */
export function statSync(path: string): { readonly nlink: number } {
  if (!placeOf(path)) return statReal(path);
  if (!existsSync(path)) throw fileError("ENOENT", path);
  return { nlink: 0 };
}

export function readlinkSync(path: string): string {
  const place = placeOf(path);
  if (!place) return linkReal(path);
  const target = place.tree.link(place.path);
  if (target === undefined) throw fileError("EINVAL", path);
  return target;
}

export function existsSync(path: string): boolean {
  const place = placeOf(path);
  if (!place) return existsReal(path);
  const { tree, path: below } = place;
  return tree.file(below) !== undefined || tree.list(below) !== undefined;
}

/** The tree that a path lies in, and the path below its root. */
function placeOf(path: string): { tree: FileTree; path: string } | undefined {
  if (trees.size === 0 || !path.startsWith(ROOTS)) return undefined;
  const end = path.indexOf("/", ROOTS.length);
  const tree = trees.get(path.slice(ROOTS.length, end < 0 ? undefined : end));
  if (!tree) return undefined;
  // Slashes that follow each other are one, as the kernel sees it.
  return { tree, path: end < 0 ? "" : path.slice(end).split("/").filter(Boolean).join("/") };
}
