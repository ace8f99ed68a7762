/**
 * A value under edits, as OPA's patches see it: the value as it was, and above it what was put in its place or taken
 * away. A text about what is missing shows the value as it was, and a way through an array that no edit has touched at a
 * position looks that position up in the array as it was, whatever was moved since: OPA 1.22 answers so.
 */
import { machineInteger, readNumber } from "../runtime/number.ts";
import { objectEntries, objectOf, RegoObject } from "../runtime/object.ts";
import { equal, isArray, isNumber, isObject, isSet, objectGet, objectSize, typeName } from "../runtime/order.ts";
import { RegoSet } from "../runtime/set.ts";
import type { Value } from "../runtime/value.ts";
import { valueToText } from "../runtime/value-text.ts";
import { fail } from "./failure.ts";

/** A document that may have been taken away as a whole. */
export type Document = Value | undefined;

/** What stands above a key or a position; nothing where it was taken away. */
type Edit =
  | { readonly kind: "scalar"; readonly value: Document }
  | { readonly kind: "composite"; readonly tree: EditTree | undefined };

/** A position of an array: an element as it was, by where it was, or an edit. */
type Slot = { readonly kind: "original"; readonly index: number } | Edit;

interface KeyedEdit {
  readonly key: Value;
  readonly edit: Edit;
}

/** Edits by the keys that they stand above. Equal keys are one, and the form of the last is shown. */
class KeyedEdits {
  readonly #edits: KeyedEdit[] = [];
  readonly #places = new RegoObject();

  get all(): readonly KeyedEdit[] {
    return this.#edits;
  }

  get(key: Value): Edit | undefined {
    const place = this.#places.get(key);
    return typeof place === "number" ? this.#edits[place]?.edit : undefined;
  }

  set(key: Value, edit: Edit): void {
    const known = this.#places.get(key);
    const place = typeof known === "number" ? known : this.#edits.length;
    if (known === undefined) this.#places.set(key, place);
    this.#edits[place] = { key, edit };
  }
}

/** Counts what an edit costs. */
export type Charge = (steps: number) => void;

/** A value that is edited in place; no value that was put in or given out changes. */
export class EditTree {
  readonly #charge: Charge;
  #value: Document;
  #slots: Slot[] = [];
  #edits = new KeyedEdits();

  constructor(value: Document, charge: Charge) {
    this.#charge = charge;
    this.#reset(value);
  }

  /** Puts a value at a path. */
  insertAt(path: readonly Value[], value: Document): void {
    if (value === undefined) fail("cannot insert nil value into EditTree");
    const key = path.at(-1);
    if (key === undefined) this.#reset(value);
    else this.#unfold(path.slice(0, -1)).#insert(key, value);
  }

  /** Takes away what is at a path. */
  deleteAt(path: readonly Value[]): void {
    const key = path.at(-1);
    if (key !== undefined) this.#unfold(path.slice(0, -1)).#delete(key);
    else if (this.#value === undefined) fail("deleted node encountered during delete operation");
    else this.#reset(undefined);
  }

  /** The value at a path. */
  at(path: readonly Value[]): Document {
    return this.#unfold(path).render();
  }

  /** The value with all edits. */
  render(): Document {
    const value = this.#value;
    if (value === undefined || isArray(value)) return value && this.#renderArray(value);
    if (this.#edits.all.length === 0) return value;
    if (isObject(value)) {
      this.#charge(objectSize(value));
      const kept = objectEntries(value).filter(([key]) => this.#edits.get(key) === undefined);
      return objectOf([...kept, ...this.#rendered()]);
    }
    if (!isSet(value)) return value;
    this.#charge(value.size);
    const kept = value.values().filter((item) => this.#edits.get(item) === undefined);
    return new RegoSet([...kept, ...this.#rendered().map(([, item]) => item)]);
  }

  #rendered(): (readonly [Value, Value])[] {
    return this.#edits.all.flatMap(({ key, edit }) => {
      const value = renderEdit(edit);
      return value === undefined ? [] : [[key, value] as const];
    });
  }

  #renderArray(value: readonly Value[]): readonly Value[] {
    this.#charge(this.#slots.length);
    return this.#slots.flatMap((slot) => {
      const item = slot.kind === "original" ? value[slot.index] : renderEdit(slot);
      return item === undefined ? [] : [item];
    });
  }

  #reset(value: Document): void {
    this.#value = value;
    this.#edits = new KeyedEdits();
    if (value === undefined || !isArray(value)) {
      this.#slots = [];
      return;
    }
    this.#charge(value.length);
    this.#slots = value.map((_item, index) => ({ kind: "original", index }));
  }

  #tree(value: Document): EditTree {
    return new EditTree(value, this.#charge);
  }

  /** Where an edit leads; nowhere where it took something away. */
  #treeOf(edit: Edit): EditTree | undefined {
    if (edit.kind === "composite") return edit.tree;
    return edit.value === undefined ? undefined : this.#tree(edit.value);
  }

  #unfold(path: readonly Value[]): EditTree {
    return path.reduce<EditTree>((tree, key) => tree.#child(key), this);
  }

  #child(key: Value): EditTree {
    const value = this.#value;
    if (value === undefined) return fail("nil value encountered where composite value was expected");
    if (isObject(value)) {
      const edited = this.#edits.get(key);
      if (edited !== undefined) return this.#treeOf(edited) ?? gone("unfold", edited, key);
      const found = objectGet(value, key);
      if (found !== undefined) return this.#keep(key, found);
      return fail(`path ${valueToText(key)} does not exist in object term ${valueToText(value)}`);
    }
    if (isSet(value)) return this.#childOfSet(key);
    if (!isArray(value)) return notComposite(value, key);
    const index = indexOf(this.#slots.length, key);
    const slot = this.#slots[index];
    if (slot !== undefined && slot.kind !== "original") return this.#treeOf(slot) ?? this.#tree(undefined);
    const found = value[index];
    if (found === undefined) return fail(`path ${index} does not exist in array term ${valueToText(value)}`);
    this.#delete(index);
    return this.#insert(index, found);
  }

  #childOfSet(key: Value): EditTree {
    if (isComposite(key)) this.#collapse();
    else {
      const edited = this.#edits.get(key);
      if (edited?.kind === "scalar") return this.#tree(edited.value);
    }
    const set = this.#value;
    const found = set !== undefined && isSet(set) ? set.get(key) : undefined;
    if (found !== undefined) return this.#insert(key, found);
    const shown = typeof key === "string" ? key : valueToText(key);
    return fail(`path ${shown} does not exist in set term ${set === undefined ? "" : valueToText(set)}`);
  }

  /** Where an element of a set is itself taken apart, the edits so far become the set. */
  #collapse(): void {
    this.#reset(this.render());
  }

  #insert(key: Value, value: Value): EditTree {
    const target = this.#value;
    if (target === undefined) return fail("deleted node encountered during insert operation");
    if (isObject(target)) return this.#keep(key, value);
    if (isSet(target)) {
      if (!equal(key, value)) {
        fail(`set key ${valueToText(key)} does not equal value to be inserted ${valueToText(value)}`);
      }
      if (isComposite(key)) this.#collapse();
      return this.#keep(key, value);
    }
    if (!isArray(target)) return notComposite(target);
    const index = indexOf(this.#slots.length, key);
    if (index < 0 || index > this.#slots.length) fail("index for array insertion out of bounds");
    const tree = this.#tree(value);
    this.#charge(this.#slots.length >> 3);
    this.#slots.splice(index, 0, editOf(value, tree));
    return tree;
  }

  #keep(key: Value, value: Value): EditTree {
    const tree = this.#tree(value);
    this.#edits.set(key, editOf(value, tree));
    return tree;
  }

  #delete(key: Value): void {
    const target = this.#value;
    if (target === undefined) return fail("deleted node encountered during delete operation");
    if (isArray(target)) {
      const index = indexOf(this.#slots.length, key);
      if (index < 0 || index >= this.#slots.length) fail("index for array delete out of bounds");
      this.#charge(this.#slots.length >> 3);
      this.#slots.splice(index, 1);
      return undefined;
    }
    if (!isObject(target) && !isSet(target)) return notComposite(target);
    if (isSet(target) && isComposite(key)) this.#collapse();
    const edited = this.#edits.get(key);
    if (edited !== undefined) {
      if (this.#treeOf(edited) === undefined) gone("delete", edited, key);
      this.#edits.set(key, deletionOf(edited.kind));
      return undefined;
    }
    const base = this.#value ?? target;
    const found = isObject(base) ? objectGet(base, key) : isSet(base) ? base.get(key) : undefined;
    if (found === undefined) return fail(`cannot delete child key ${valueToText(key)} that does not exist`);
    this.#edits.set(key, deletionOf(isComposite(found) ? "composite" : "scalar"));
    return undefined;
  }
}

function editOf(value: Value, tree: EditTree): Edit {
  return isComposite(value) ? { kind: "composite", tree } : { kind: "scalar", value };
}

function deletionOf(kind: Edit["kind"]): Edit {
  return kind === "scalar" ? { kind, value: undefined } : { kind, tree: undefined };
}

function renderEdit(edit: Edit): Document {
  return edit.kind === "scalar" ? edit.value : edit.tree?.render();
}

function gone(what: string, { kind }: Edit, key: Value): never {
  fail(`cannot ${what} the already deleted ${kind} node for key ${valueToText(key)}`);
}

function isComposite(value: Value): boolean {
  return isObject(value) || isSet(value) || isArray(value);
}

const goTypes: Readonly<Record<string, string>> = {
  null: "ast.Null",
  boolean: "ast.Boolean",
  number: "ast.Number",
  string: "ast.String",
};

function notComposite(value: Value, key?: Value): never {
  const at = key === undefined ? "" : ` for path ${valueToText(key)}`;
  const type = goTypes[typeName(value)] ?? "";
  return fail(`expected composite type${at}, found value: ${valueToText(value)} (type: ${type})`);
}

/** A position in an array of this length; `-` is the one after its end. */
function indexOf(length: number, key: Value): number {
  if (key === "-") return length;
  if (typeof key === "string") {
    const index = machineIndex(key) ?? fail("invalid string for indexing");
    if (key !== "0" && key.startsWith("0")) fail("leading zeros are not allowed in JSON paths");
    return index;
  }
  if (!isNumber(key)) fail("invalid type for indexing");
  const integer = machineInteger(key) ?? fail("invalid number type for indexing");
  return Number(integer);
}

function machineIndex(text: string): number | undefined {
  const number = readNumber(text);
  const integer = number === undefined ? undefined : machineInteger(number);
  return integer === undefined ? undefined : Number(integer);
}
