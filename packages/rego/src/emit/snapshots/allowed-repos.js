import { builtin } from "@portcullis/rego/builtins";
import { RegoSet, UNKNOWN, elements, members, quickContains } from "@portcullis/rego/runtime";
const contains = builtin("contains");
const any = builtin("any");
const sprintf = builtin("sprintf");

class Memo {
  violation = UNKNOWN;
}

// query: main
function solve_main(c) {
  const solutions = [];
  query: {
    const value = violation(c);
    if (value === undefined || value === false) break query;
    solutions.push([]);
  }
  return solutions;
}

function read_main(c) {
  return violation(c);
}

// data.k8sallowedrepos.violation
function violation(c) {
  const s = c.state;
  if (c.memo.violation !== UNKNOWN) return c.memo.violation;
  const result = new RegoSet();
  {
    const list = members(c.input?.review?.object?.spec?.containers);
    next: for (let i = 0; i < list.length; i += 1) {
      if (--s.fuel < 0) s.exhausted();
      const container = list[i];
      const list2 = [];
      const list3 = elements(c.input?.parameters?.repos);
      next2: for (let i2 = 0; i2 < list3.length; i2 += 1) {
        if (--s.fuel < 0) s.exhausted();
        const repo = list3[i2];
        const value = container?.image;
        if (value === undefined) continue next2;
        const value2 = quickContains(value, repo) ?? contains(s, value, repo);
        if (value2 === undefined) {
          s.failedAt(0);
          continue next2;
        }
        list2.push(value2);
      }
      not: {
        const answer = any(s, list2);
        if (answer === undefined) {
          s.failedAt(1);
          break not;
        }
        if (answer === false) break not;
        continue next;
      }
      const value3 = container?.name;
      if (value3 === undefined) continue next;
      const value4 = container?.image;
      if (value4 === undefined) continue next;
      const value5 = sprintf(s, "container \u003c%v> has an invalid image repo \u003c%v>", [value3, value4]);
      if (value5 === undefined) {
        s.failedAt(2);
        continue next;
      }
      result.add({ "msg": value5 });
    }
  }
  return (c.memo.violation = result);
}

const policy = { Memo, entries: [{ name: "main", solve: solve_main, read: read_main }] };

export { policy };
