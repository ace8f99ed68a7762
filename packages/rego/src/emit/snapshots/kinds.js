import { builtin } from "@portcullis/rego/builtins";
import { ObjectBuilder, RegoObject, RegoSet, Scan, agreeFunction, elements, equal, isCollection, isLess, lookup, lookupStored, members, mergeDocuments, notKnown, putDefined, quickIsMember, rowsOf, setOf } from "@portcullis/rego/runtime";
const internal_member_2 = builtin("internal.member_2");

const CONSTANT_1 = { "user": "root" };
const CONSTANT_2 = setOf(["x"]);
const CONSTANT_3 = new Scan([{ field: "objects" }, { each: true, key: 0, value: 1 }], ["name"], 2);
function newMemo() {
  return {
    allow: notKnown,
    level: notKnown,
    by_name: notKnown,
    loose: notKnown,
    dup: notKnown,
  };
}

// query: main
function solve_main(c) {
  const solutions = [];
  query: {
    const value = data_kinds(c);
    if (value === undefined || value === false) break query;
    solutions.push([]);
  }
  return solutions;
}

function read_main(c) {
  return data_kinds(c);
}

// data.kinds.allow
function allow(c) {
  const s = c.state;
  if (c.memo.allow !== notKnown) return c.memo.allow;
  body: {
    if (lookup(c.input, "user") !== "root") break body;
    return (c.memo.allow = true);
  }
  body: {
    const groups = lookup(c.input, "groups");
    if (groups === undefined) break body;
    if (!isCollection(groups)) break body;
    const list = elements(groups);
    next: for (let i = 0; i < list.length; i += 1) {
      if (--s.fuel < 0) s.exhausted();
      const g = list[i];
      holds: {
        const value = lookupStored(c.data, "groups");
        if (value === undefined) break holds;
        const answer = quickIsMember(g, value) ?? internal_member_2(s, g, value);
        if (answer === undefined) {
          s.failedAt(0);
          break holds;
        }
        if (answer === false) break holds;
        continue next;
      }
      break body;
    }
    return (c.memo.allow = true);
  }
  return (c.memo.allow = false);
}

// data.kinds.level
function level(c) {
  if (c.memo.level !== notKnown) return c.memo.level;
  body: {
    const a = lookup(c.input, "a");
    if (a === undefined || a === false) break body;
    return (c.memo.level = 1);
  }
  body: {
    not: {
      const b = lookup(c.input, "b");
      if (b === undefined || b === false) break not;
      break body;
    }
    return (c.memo.level = 2);
  }
  return (c.memo.level = undefined);
}

// data.kinds.limit
function limit(c, x) {
  const s = c.state;
  let result;
  {
    const list = members(lookup(x, "limits"));
    next: for (let i = 0; i < list.length; i += 1) {
      if (--s.fuel < 0) s.exhausted();
      const y = list[i];
      if (!isLess(3, y)) continue next;
      result = agreeFunction(s, result, y, 1);
    }
  }
  return result;
}

// data.kinds.by_name
function by_name(c) {
  const s = c.state;
  if (c.memo.by_name !== notKnown) return c.memo.by_name;
  const result = new ObjectBuilder(s);
  {
    const list = members(lookupStored(c.data, "objects"));
    next: for (let i = 0; i < list.length; i += 1) {
      if (--s.fuel < 0) s.exhausted();
      const object = list[i];
      const name = lookup(object, "name");
      if (name === undefined) continue next;
      result.put([name], object, 2);
    }
  }
  return (c.memo.by_name = result.value);
}

// data.kinds.dup
function dup(c) {
  const s = c.state;
  if (c.memo.dup !== notKnown) return c.memo.dup;
  const result = new RegoSet();
  {
    const rows = rowsOf(c, CONSTANT_3, lookup(c.input, "name"));
    next: for (const row of rows) {
      if (--s.fuel < 0) s.exhausted();
      const id = row[0];
      const object = row[1];
      const name = lookup(object, "name");
      if (name === undefined || !equal(name, lookup(c.input, "name"))) continue next;
      result.add(id);
    }
  }
  return (c.memo.dup = result);
}

// data.kinds.loose
function loose(c) {
  if (c.memo.loose !== notKnown) return c.memo.loose;
  body: {
    const c2 = c.derive();
    c2.replaceInput([], CONSTANT_1);
    c2.replaceData(["groups"], CONSTANT_2, 0);
    const value = allow(c2);
    if (value === undefined || value === false) break body;
    return (c.memo.loose = true);
  }
  return (c.memo.loose = undefined);
}

// data.kinds
function data_kinds(c) {
  const virtual = new RegoObject();
  putDefined(virtual, "allow", allow(c));
  putDefined(virtual, "by_name", by_name(c));
  putDefined(virtual, "dup", dup(c));
  putDefined(virtual, "level", level(c));
  putDefined(virtual, "loose", loose(c));
  return mergeDocuments(lookup(c.data, "kinds"), virtual);
}

const policy = { newMemo, entries: [{ name: "main", solve: solve_main, read: read_main }] };

export { policy };
