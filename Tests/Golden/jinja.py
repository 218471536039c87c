"""What Jinja, set up as `transformers` sets it up for chat templates, makes of small templates.

Writes `Tests/TemperTokenizersTests/Golden/jinja.json`: [{"template", "output"}], where an output of null is an error.

    pip install "transformers>=5" "jinja2>=3.1.6"
    python Tests/Golden/jinja.py
"""

import json
import pathlib

from transformers.utils.chat_template_utils import _compile_jinja_template

GOLDEN = pathlib.Path(__file__).parent.parent / "TemperTokenizersTests" / "Golden" / "jinja.json"

VARIABLES = {
    "s": "Hello, World", "e": "", "u": " Zoë\u00a0straße 看 🙂 ", "n": None, "t": True, "f": False, "i": 7, "z": 0, "x": 2.5, "big": 1e16,
    "l": [3, 1, 2], "w": ["b", "A", "c"], "el": [], "d": {"b": 1, "a": "two", "items": 5, "c": [1, {"k": None}]}, "ed": {},
    "m": [{"role": "system", "content": "S"}, {"role": "user", "content": "U\n"}, {"role": "assistant", "content": "A", "n": 3}],
    "nested": {"name": "f", "parameters": {"type": "object", "properties": {"q": {"type": "string", "description": "d \"q\" \\ / é\t"}}}},
    "text": "line one\n\n  line two\nthree", "html": "<a href='x'>&</a>", "num": "12", "flt": "3.75", "mixed": [1, "a", None, True, 2.0],
}

EXPRESSIONS = r"""
1 + 2 * 3 - 4
7 // 2, -7 // 2, 7 % 3, -7 % 3, 7 / 2, 2 ** 10, 2 ** -1, 2 ** 3 ** 2
7.5 // 2, -7.5 % 2, 1e3, 1_000, 0x1f, 0b101, 0o17, 1.5e-7, 123456789012345678.0, 0.0001, 1e-5, 100.0, 1e15, 1e16, -0.0
-i, +i, - -i, -x, -i|abs, not t, not not t
'a' + 'b', 'a' * 3, 2 * 'ab', [1] * 2, [1] + [2], (1,) + (2,)
'a' ~ 1 ~ none ~ true ~ 1.0 ~ [1, 'x'] ~ {'a': (1,)}
1 < 2 < 3, 1 < 3 < 2, 1 == 1.0, true == 1, '1' == 1, 'a' < 'b', [1, 2] < [1, 3], 'a' != 'b', 3 >= 3 > 2
1 in [1, 2], 'ell' in s, 'x' not in s, 'b' in d, 5 in ed, 2 in (1, 2)
t and i, f or 'x', e or n or z, t and e, n or 0
'y' if t else 'n', ('y' if f), 'a' if f else 'b' if f else 'c'
s[0], s[-1], s[1:4], s[::-1], s[::2], s[-3:], s[:-3], s[10:2:-2], s[100:], l[1:], l[::-1], l[-1], (1, 2, 3)[1:], m[::-1][0].role
d.a, d['a'], d.items, d.missing is defined, d['missing'] is defined, d['items'], d.get('a'), d.get('q'), d.get('q', 'def')
d.keys()|list, d.values()|list, d.items()|list, d|items|list, d|list, d|length
m[0].role, m[0]['role'], m|length, m|last, m|first
s.upper(), s.lower(), s.title(), s.swapcase(), s.capitalize(), 'ß'.upper(), 'ΑΣ'.lower(), 'they\'re bill\'s'.title()
u.strip(), u.lstrip(), u.rstrip(), 'xxaxx'.strip('x'), 'abcba'.lstrip('ab'), 'abcba'.rstrip('ab'), u|trim, 'xax'|trim('x')
'a,b,,c'.split(','), 'a,b,c'.split(',', 1), 'a b  c'.split(), ' a  b '.split(none, 1), 'a,b,c'.rsplit(',', 1), ' a b c '.rsplit(none, 1)
text.splitlines(), text.splitlines(true), 'a-b-c'.partition('-'), 'a-b-c'.rpartition('-'), 'abc'.partition('x'), 'abc'.rpartition('x')
s.startswith('He'), s.endswith('ld'), s.startswith(('x', 'H')), s.find('o'), s.rfind('o'), s.find('q'), s.index('W'), s.count('l'), s.count('')
s.replace('l', 'L'), s.replace('l', 'L', 1), s.replace('', '-'), s|replace('o', '0'), s|replace('o', '0', 1), 5|replace('5', 'x')
'-'.join(w), w|join, w|join(', '), m|join('/', attribute='role'), l|join('+'), 'abc'|join('.')
'7'.zfill(3), '-7'.zfill(4), 'a'.center(5), 'ab'.center(5), 'a'.ljust(3) + '|', 'a'.rjust(3), 'abc'.removeprefix('a'), 'abc'.removesuffix('bc'), 'abc'.center(6, '*')
'abc'.isalpha(), '12'.isdigit(), 'a1'.isalnum(), ' '.isspace(), 'AB'.isupper(), 'ab'.islower(), 'Ab Cd'.istitle(), ''.isalpha(), '½'.isnumeric(), '²'.isdigit(), '²'.isdecimal(), 'aé'.isascii()
'{} {}'.format(1, 'a'), '{1}{0}'.format('a', 'b'), '{x}'.format(x=3), '{{}}'.format(), '{:>5}|{:<5}|{:^5}'.format('a', 'b', 'c'), '{:.2f}'.format(2.345), '{:05d}'.format(42), '{!r}'.format('q')
'%s and %d' % ('a', 3), '%s' % 5, '%5.2f|%-5s|%05d' % (3.14159, 'ab', 42), '%x' % 255, '%(a)s' % {'a': 1}, '100%%' % (), '%r' % 'a'
'%s-%s'|format('a', 2), '%(k)s'|format(k='v')
s|length, l|length, d|count, ''|length
s|upper, s|lower, 'hello world-foo (bar)'|title, 'hELLO'|capitalize
e|default('x'), e|default('x', true), missing|default('x'), missing|default, n|default('x'), n|default('x', boolean=true), missing|d('y')
num|int, flt|int, 'x'|int, 'x'|int(5), '0x1f'|int(base=16), flt|float, 'x'|float, x|int, t|int, 'x'|float(1.5), ' 12 '|int, '1e3'|int, '1_0'|int, '.5'|float, '5.'|float
-5|abs, x|round, 2.5|round, 3.5|round, 2.675|round(2), 2.1|round(method='ceil'), 2.9|round(0, 'floor'), 5|round, 1234.5|round(-2)
l|sort, l|sort(reverse=true), w|sort, w|sort(case_sensitive=true), m|sort(attribute='role')|map(attribute='role')|list
l|reverse|list, s|reverse, l|sum, l|min, l|max, m|selectattr('n', 'defined')|map(attribute='n')|sum, w|min, w|max
[1, 1.0, 2, 'a', 'A']|unique|list, ['a', 'A']|unique(true)|list
l|batch(2)|list, l|batch(2, 'x')|list, l|slice(2)|list, l|slice(2, 'x')|list
l|first, l|last, el|first is defined, s|first, s|last, s|list
l|map('string')|list, w|map('upper')|list, m|map(attribute='n', default=0)|list, w|map('replace', 'b', 'B')|join, l|map('float')|list
l|select('odd')|list, l|reject('odd')|list, mixed|select|list, l|select('gt', 1)|list, l|select('>', 1)|list, w|reject('equalto', 'b')|list
m|selectattr('role', 'equalto', 'user')|list, m|rejectattr('n')|list|length, m|selectattr('role', 'in', ['user', 'system'])|map(attribute='content')|join
d|dictsort|map('first')|list, {'b': 2, 'A': 1}|dictsort, {'b': 2, 'A': 1}|dictsort(true), {'b': 1, 'a': 2}|dictsort(by='value'), {'b': 1, 'a': 2}|dictsort(reverse=true)
text|indent, text|indent(2, true), text|indent(first=true, blank=true), text|indent('> ')
text|wordcount, 'abc def ghi'|truncate(7, leeway=0), 'abc def ghi'|truncate(7, true, leeway=0), 'abc def'|truncate(3, end='…', leeway=0), 'abc'|center(9)
html|e, html|escape ~ html, (html|safe) + '<', ('<'|e) + html, 'a' + ('<'|safe)
d|tojson, nested|tojson, nested|tojson(indent=2), l|tojson(indent=4), mixed|tojson, ed|tojson(indent=2), el|tojson(indent=2), u|tojson, u|tojson(ensure_ascii=true)
d|tojson(sort_keys=true), d|tojson(separators=(',', ':')), nested|tojson(indent='\t'), {1: 2, none: 3, true: 4, 1.5: 5}|tojson, 1e16|tojson, 1.0|tojson, '\x01\x7f\u2028/'|tojson
(1, 'a')|tojson, 'q"\\'|tojson, [[], {}, [[]]]|tojson(indent=1)
s|string, 5|string, none|string, [1]|string, 1.0|string, true|string, s|attr('upper') is defined, d|attr('a') is defined
s is string, i is number, i is integer, x is float, x is integer, t is boolean, t is integer, n is none, d is mapping, l is sequence, l is iterable, s is sequence, s is iterable, d is sequence, i is iterable, t is number
missing is defined, missing is undefined, s is defined, missing is sequence, missing is iterable, missing is string, missing is none
i is odd, i is even, i is divisibleby 7, i is divisibleby(2), 4 is even
i is eq 7, i is equalto(7), i is ne 7, i is gt 5, i is ge(7), i is lt 5, i is le 7, i == 7 is true, 'b' is in w, 'b' is not in w
t is true, f is false, i is true, n is sameas none, t is sameas true, s is upper, 'AB' is upper, 'ab' is lower, range is callable, s is callable
'upper' is filter, 'nope' is filter, 'odd' is test, s is not none, s is not defined or true
missing == missing2, missing == none, missing ~ 'x', missing|length, missing|list, 'a' in missing, not missing, missing|upper, missing|join(','), missing|string
range(3)|list, range(1, 4)|list, range(5, 0, -2)|list, range(0)|list
dict(a=1, b=2), dict([('a', 1)]), dict(d, z=9).z, {'a': 1, 'a': 2}, {1: 'x'}[1], {1: 'x'}[true], {(1, 2): 3}[(1, 2)]
(), (1,), (1, 2), [], {}, [1, [2, {'a': 'b\'c'}]], 'tab\tnew\n', ['tab\tnew\n\\', "it's", 'say "x"', 'both\'"', '\u200b\x07é🙂']
"\x41\u0042\U00000043\101\
d", 'a' 'b', "q'q", 'q\"q', '\q', '\/'
lorem is defined and lorem.x, true and false or true, not true or true, not (true and false)
l.index(1), l.count(3), (1, 2).index(2), l.copy(), d.copy()|length
'a'.upper().lower()|upper|lower, ('a')|upper ~ 'b', 'a' ~ 'b'|upper, 1 + 2|string|length
-1 ** 2, (-1) ** 2, -2|abs, 2 - -2, 3 - 2 - 1, 2 * 3 % 4, 1 + 1 ~ 2 + 2, 1 ~ 2 * 3
1.0 == 1, 0.1 + 0.2, 1 / 3, 1e300 * 1e10, -1e300 * 1e10, 3 * 1.0, 10 ** 15, 1e22, 123456.789e3, 5e-324, 1.7976931348623157e308
d.c[1].k is none, d['c'][1]['k'], d.c.1.k is none, m.0.role, l.0
'abc'['upper'](), s['length'] is defined, d['keys']()|list
i.real is defined
l.append(1)
d.update({'a': 1})
d.pop('a')
s.encode('utf-8')
missing.x
missing[0]
missing()
missing + 1
missing + 'a'
'a' + missing
'a' + 1
1 + 'a'
[] + ()
none + 'a'
1 < 'a'
none < 1
missing < 1
'a' in 1
1 in 'a'
1 / 0
1 // 0
1 % 0
l[5] is defined, l[-4] is defined, l[5]
s[0:0:0]
l['a'] is defined, n.x is defined, n['x'] is defined
n.x.y
i()
'x'()
s.nope()
d.nope()
missing|tojson
[missing]|tojson
range|tojson
s|nope
s is nope
raise_exception('no')
namespace(a=1).a, namespace({'b': 2}).b, namespace(a=1).q is defined
namespace(_a=1)
'%s %s' % 'a'
'%d' % 'a'
'%q' % 1
'{}'.format()
'{'.format()
'a'.split('')
'a'.index('b')
l|join(1), 5|join
5|first
5|length
l|map('nope')|list
l|select('nope')|list
s|int + 1, num + 1|string, num * 2, '3' * '2'
l is l, 1
not
1 +
(1
[1, 2
{'a' 1}
'unclosed
a b
1 if
1 = 2
@
d.items()[0]
s.__class__
d.__class__.__mro__
s|attr('__class__') is defined, ''.__class__ is defined
1 is divisibleby 0
''|first is defined, [none]|first is none, [[1, 2], [3]]|sum(start=[]), ['a']|sum(start='')
l|sort(attribute='x')
mixed|sort
'a' * 100000000000
range(1000000)
'a'|center(100000000000)
"%1000000000d" % 5
9223372036854775807 + 0, 4611686018427387904 * 1
"a\
b", 'a	b'
{'a': 1}|items|list, 5|items
[1, 2, 3,], (1, 2,), {'a': 1,}, [1,
joiner(', ')(), cycler('a', 'b').next(), cycler('a').current
strftime_now('100%%')
[1,2,3][1:2], [1,2,3][:2], [1,2,3][::2], [1,2,3][-2:], [1,2,3][2::-1], 'abc'[-10:10], 'abc'[5:], 'abc'[::-2], 'abc'[1::-1], 'abc'[-2:-5:-1]
l[true], l[none:2], l['0':1]
"{:>{}}".format('a', 5)
'a' if missing else 'b', missing or 'x', (missing and 'x') is defined
u|upper, u|lower, u|title, u|capitalize, u|length, u|urlencode
s | upper | replace ( 'L' , 'l' ) , ( s | lower ) [ 0 ]
"'" ~ '"', ["'"], ['"'], ["'\""]
{'x': {'y': [1, 2, {'z': 'deep'}]}}.x.y[2].z
loop is defined, self is defined, varargs is defined
""".strip("\n").replace("\\\nd", "\\\x00d").replace("\\\nb", "\\\x00b").split("\n")

TEMPLATES = [
    # White space
    "a\n{% if t %}\nb\n{% endif %}\nc\n", "a\n  {% if t %}\n  b\n  {% endif %}\nc\n\n", "  {{ s }}\n  {{ s }}\n", "a {%- if t -%} b {%- endif -%} c",
    "a\n  {%+ if t %}b{% endif +%}\nc", "a\n {# note #}\nb", "a\n {#- note -#} \n b", "a {# x #} b", "{%- raw -%} {{ x }} {%- endraw -%}\nz", "a\n{% raw %}\n {{ q }}\n{% endraw %}\nb",
    "x\r\ny\rz\r\n", "{{ 'a\r\nb' }}", "{{ s -}}   \n  b", "a  {{- s }}", "\n\n{{ s }}", "{% if t %}\n\n{{ s }}{% endif %}", " \t{% if t %}x{% endif %}", "a{% if t %}  {% endif %}b",
    "{{ {'a': {'b': 1}} }}", "{{ '}}' }}", "{% set x = '%}' %}{{ x }}", "{{- '' -}}", "{{ s }}{{ s }}", "{%if t%}x{%endif%}", "{% if t -%}\n  x\n{%- endif %}\n  y", "{{+ s }}", "a\n\n\n", "a\n{#+ c +#}\nb",
    "{% set x = 1 %}\n\n{{ x }}\n", "a\n   {%- set x = 1 %}\n   b", "line\n    {% set y = 2 %}  tail\n", "{% raw %}{% if %}{% endraw %}", "{%- for i in l %}\n  {{ i }}\n{%- endfor %}", "tab\t{% if t %}\t{% endif %}\tq",
    "\u2003{% if t %}x{% endif %}", "a \u00a0{%- if t %}x{% endif %}",
    # Statements
    "{% for i in l %}{{ i }}{% if not loop.last %},{% endif %}{% endfor %}", "{% for i in el %}x{% else %}none{% endfor %}", "{% for i in missing %}x{% else %}none{% endfor %}",
    "{% for i in l %}{{ loop.index }}{{ loop.index0 }}{{ loop.revindex }}{{ loop.revindex0 }}{{ loop.first }}{{ loop.last }}{{ loop.length }}{{ loop.depth }}{{ loop.depth0 }};{% endfor %}",
    "{% for i in l %}{{ loop.previtem }}<{{ i }}>{{ loop.nextitem }} {% endfor %}", "{% for i in l %}{{ loop.cycle('a', 'b') }}{% endfor %}", "{% for i in [1,1,2] %}{{ loop.changed(i) }}{% endfor %}",
    "{% for i in l if i > 1 %}{{ i }}{{ loop.index }}{% endfor %}", "{% for k, v in d.items() %}{{ k }}={{ v }};{% endfor %}", "{% for k in d %}{{ k }}{% endfor %}", "{% for c in 'abc' %}[{{ c }}]{% endfor %}",
    "{% for (a, b), c in [((1, 2), 3)] %}{{ a }}{{ b }}{{ c }}{% endfor %}", "{% for a, b in [(1,)] %}{% endfor %}", "{% for i in l %}{% for j in l %}{{ loop.depth }}{% endfor %}{{ loop.depth }}{% endfor %}",
    "{% for i in range(10) %}{% if i == 3 %}{% continue %}{% endif %}{% if i == 6 %}{% break %}{% endif %}{{ i }}{% endfor %}", "{% for i in 5 %}{% endfor %}", "{% for i in l %}{% endfor %}{{ i }}",
    "{% set x = 1 %}{% for i in l %}{% set x = x + i %}{{ x }}{% endfor %}{{ x }}", "{% for i in l %}{% if i == 1 %}{% set y = 5 %}{% endif %}{{ y }}{% endfor %}", "{% set ns = namespace(n=0) %}{% for i in l %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}",
    "{% if t %}{% set q = 1 %}{% endif %}{{ q }}", "{% if f %}a{% elif i == 7 %}b{% else %}c{% endif %}", "{% if f %}a{% elif f %}b{% else %}c{% endif %}", "{% if l, %}x{% endif %}", "{% if missing.x is defined %}{% endif %}",
    "{% set a, b = 1, 2 %}{{ a }}{{ b }}", "{% set a = 1, 2 %}{{ a }}", "{% set x %}a{{ i }}b{% endset %}{{ x }}{{ x|length }}", "{% set x | upper %}abc{% endset %}{{ x }}", "{% set x|replace('a', 'b')|upper %}aac{% endset %}{{ x }}", "{% set ns = namespace() %}{% set ns.x %}blk{% endset %}{{ ns.x }}", "{% set d.x = 1 %}",
    "{% set x.y = 1 %}", "{% macro m(a, b=2, *c) %}{% endmacro %}", "{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}{{ m(1) }} {{ m(1, 3) }} {{ m(b=4, a=5) }}", "{% macro m(a) %}{{ a }}{% endmacro %}[{{ m() }}]",
    "{% macro m() %}{{ varargs }}{{ kwargs }}{% endmacro %}{{ m(1, 2, x=3) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, 2) }}", "{% macro m(a) %}{{ a }}{% endmacro %}{{ m(1, q=2) }}", "{% macro m(a, b=a) %}{{ b }}{% endmacro %}{{ m(3) }}",
    "{% macro m(x) %}<{{ caller(x) }}>{% endmacro %}{% call(y) m(3) %}in {{ y }}{% endcall %}", "{% macro m() %}<{{ caller() }}>{% endmacro %}{% call m() %}{{ s }}{% endcall %}", "{% macro m() %}x{% endmacro %}{% call m() %}y{% endcall %}", "{% macro m() %}{{ caller is defined }}{% if caller %}y{% endif %}{% endmacro %}{{ m() }}",
    "{% macro f(n) %}{% if n > 0 %}{{ n }}{{ f(n - 1) }}{% endif %}{% endmacro %}{{ f(3) }}", "{% set g = 1 %}{% macro m() %}{{ g }}{% endmacro %}{% set g = 2 %}{{ m() }}", "{% macro m() %}{% set inner = 1 %}{% endmacro %}{{ m() }}{{ inner }}", "{% macro m(x) %} {{ x }} {% endmacro %}{{ m('a')|trim }}{{ m.name }}{{ m.arguments }}", "{% macro m(a=1, b) %}{% endmacro %}",
    "{% for i in l %}{% macro m() %}{{ i }}{% endmacro %}{{ m() }}{% endfor %}", "{% filter upper %}abc {{ s }}{% endfilter %}", "{% filter replace('a', 'b')|upper %}aa{% endfilter %}", "{% with a = 1, b = 2 %}{{ a + b }}{% endwith %}{{ a }}", "{% with a = i %}{% set a = a + 1 %}{{ a }}{% endwith %}", "{% with %}{% set z9 = 1 %}{{ z9 }}{% endwith %}{{ z9 }}",
    "{% generation %}abc {{ s }}{% endgeneration %}", "{% generation %}{% set gg = 1 %}{% endgeneration %}{{ gg }}", "a{% generation %}\n b\n{% endgeneration %}\nc", "{% print s, i %}", "{% do l.append(1) %}", "{% include 'x' %}", "{% nope %}", "{% endif %}", "{% if t %}", "{% for %}", "{% for x in %}{% endfor %}", "{% break %}", "{% if %}{% endif %}", "{% set %}",
    "{{ }}", "{% %}", "{{ s", "{% if t", "{# x", "{% raw %} x", "{{ s }} }}", "{{ s | }}", "{{ s. }}", "{{ s[ }}", "{{ s() }}", "{{ s|upper() }}", "{{ f(a=1, 2) }}", "{{ f(**d, *l) }}", "{{ dict(**{'a': 1}) }}", "{{ range(*[1, 3])|list }}", "{{ dict(**5) }}", "{{ s|replace('l', 'L', count=1) }}", "{{ s|replace(old='l', new='q') }}", "{{ s|replace('a') }}", "{{ s|trim(nope=1) }}",
    "{{ (1, 2)|join(',') }}{{ 1, 2 }}", "{% set loop = 5 %}{% for i in [1] %}{{ loop.index }}{% endfor %}{{ loop }}", "{% for loop in l %}{{ loop }}{% endfor %}", "{% set true = 1 %}", "{% for i in l %}{{ i }}{% endfor %}{% for i in l|reverse %}{{ i }}{% endfor %}", "{% for i in m|rejectattr('role', 'equalto', 'system') %}{{ i.role }}{% endfor %}",
    "{% for i in range(3) %}{% for j in range(3) %}{% if j == 1 %}{% break %}{% endif %}{{ i }}{{ j }} {% endfor %}{% endfor %}", "{% set x = namespace(v=[]) %}{% for i in l %}{% set x.v = x.v + [i * 2] %}{% endfor %}{{ x.v }}", "{% set j = joiner('; ') %}{% for i in l %}{{ j() }}{{ i }}{% endfor %}", "{% set c = cycler('a', 'b') %}{{ c.next() }}{{ c.next() }}{{ c.current }}{{ c.next() }}{{ c.reset() }}{{ c.current }}",
    "{% if s is defined and s %}yes{% endif %}", "{% if not missing %}no{% endif %}", "{% if messages is not defined %}nd{% endif %}", "{{ s if s is string else 'n' }}", "{% if t %}{{ s|nope }}{% endif %}", "{% if f %}{{ s|nope }}{% endif %}ok", "{% if f %}{{ 1 is nope }}{% endif %}ok", "{{ 'x' if t else s|nope }}",
    "{% for message in m %}{{ '<|' + message['role'] + '|>' + message['content'] | trim + '<|end|>' }}{% endfor %}", "{% for i in l recursive %}{{ i }}{% endfor %}", "{% set outer %}{% set inner2 = 4 %}{{ inner2 }}{% endset %}{{ outer }}{{ inner2 }}", "{% if true: %}x{% endif %}", "{{ loop }}", "{% for i in l -%} {{ i }} {%- endfor %}",
    "{% for x in l %}{{ x }}{% else %}e{% endfor %}", "{%- if t %} a {%- elif f %} b {%- else %} c {%- endif %} d", "{% macro a() %}{% for i in l %}{{ loop.index }}{% endfor %}{% endmacro %}{{ a() }}", "{% for i in l %}{{ loop.index }}{% macro b() %}{{ loop }}{% endmacro %}{% endfor %}", "{% set x = 5 %}{% macro m(x) %}{{ x }}{% endmacro %}{{ m(1) }}{{ x }}", "{% for i in [] %}{% endfor %}{% for a in {'x':1}.items() %}{{ a }}{% endfor %}",
    "{{ m[0].content if m[0].role == 'system' else 'none' }}", "{% set content = m[1]['content'] | trim %}{{ content }}|", "{{ 'a' 'b' ~ 'c' }}", "{{ ('a' ~ 'b') | upper }}", "{{ s.split(', ')[1][0]|lower }}", "{{ d['c'][-1]|tojson }}", "{{ [1, 2] | map('string') | join('-') }}", "{% set t2 = {'a': 1} %}{% set _ = t2.update({'b': 2}) %}", "{{ 1 if true }}", "{{ (1 if false) }}x", "{{ [1 if false] }}", "{{ n }}{{ t }}{{ f }}{{ x }}{{ big }}",
    "{% for k, v in nested|items %}{{ k }}:{{ v|tojson }}{% endfor %}", "{% for a in l %}{% set _ = 1 %}{% endfor %}ok", "{% call x() %}{% endcall %}", "{% call 5 %}{% endcall %}", "{% filter nope %}{% endfilter %}", "{% with a %}{% endwith %}", "{{ a.b.c }}", "{{ a }}", "{{ a.b }}", "{{ d.q }}", "{{ d.q.r }}", "{{ d['q'] }}{{ d['q']['r'] is defined }}", "{%\nif\nt\n%}x{%\nendif\n%}",
]

render = lambda source: _compile_jinja_template(source).render(**VARIABLES)



def split(line):
    """The parts of a line between commas that stand in no bracket and no string."""
    parts, depth, quote, skip = [""], 0, None, False
    for c in line:
        if skip:
            skip = False
        elif quote:
            skip, quote = c == "\\", None if c == quote else quote
        elif c in "'\"":
            quote = c
        elif c in "([{":
            depth += 1
        elif c in ")]}":
            depth -= 1
        elif c == "," and depth == 0:
            parts.append("")
            continue
        parts[-1] += c
    return [p.strip() for p in parts if p.strip()]


cases = []
for source in [*("{{ " + e.replace("\x00", "\n") + " }}" for line in EXPRESSIONS for e in split(line)), *TEMPLATES]:
    try:
        output = render(source)
    except Exception:
        output = None
    # Addresses and views have no text of their own.
    if output is not None and (" at 0x" in output or "dict_" in output):
        continue
    if output is not None and len(output) > 10_000:
        # Temper bounds it.
        output = None
    cases.append({"template": source, "output": output})

GOLDEN.write_text(
    json.dumps({"variables": json.dumps(VARIABLES, ensure_ascii=False), "cases": cases}, ensure_ascii=True, indent=0), encoding="utf-8"
)
print(len(cases), "cases,", sum(c["output"] is None for c in cases), "errors")
