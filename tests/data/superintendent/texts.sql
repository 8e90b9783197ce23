CREATE TABLE public.superintendentdata (
    id integer NOT NULL,
    input character varying NOT NULL,
    output character varying,
    inserted_at timestamp without time zone NOT NULL,
    priority integer,
    popped_at timestamp without time zone,
    completed_at timestamp without time zone,
    worker_id character varying
);
CREATE SEQUENCE public.superintendentdata_id_seq
    AS integer
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.superintendentdata_id_seq OWNED BY public.superintendentdata.id;
ALTER TABLE ONLY public.superintendentdata ALTER COLUMN id SET DEFAULT nextval('public.superintendentdata_id_seq'::regclass);
INSERT INTO public.superintendentdata VALUES (5, '"Arrived late and broken."', NULL, '2026-11-25 22:43:47.581441', 5, NULL, NULL, NULL);
INSERT INTO public.superintendentdata VALUES (6, '"Lovely colors, warm and soft."', '"positive"', '2026-11-25 22:43:47.581441', 6, NULL, '2026-11-25 22:43:47.581441', NULL);
INSERT INTO public.superintendentdata VALUES (1, '"The zipper broke after two days."', '"negative"', '2026-11-25 22:43:47.581441', 1, '2026-11-25 22:43:47.652976', '2026-11-25 22:43:47.660322', 'ann');
INSERT INTO public.superintendentdata VALUES (2, '"I would buy from them again."', '"positive"', '2026-11-25 22:43:47.581441', 2, '2026-11-25 22:43:47.665046', '2026-11-25 22:43:47.669187', 'ann');
INSERT INTO public.superintendentdata VALUES (3, '"Gr\u00f6\u00dfe in Ordnung, \u201ewarm\u201c \u2603"', '"positive"', '2026-11-25 22:43:47.581441', 3, '2026-11-25 22:43:47.703694', '2026-11-25 22:43:47.717874', 'bob');
INSERT INTO public.superintendentdata VALUES (4, '"=HYPERLINK(\"http://nowhere\")"', NULL, '2026-11-25 22:43:47.581441', 4, NULL, NULL, 'bob');
SELECT pg_catalog.setval('public.superintendentdata_id_seq', 6, true);
ALTER TABLE ONLY public.superintendentdata
    ADD CONSTRAINT superintendentdata_pkey PRIMARY KEY (id);
CREATE INDEX ix_superintendentdata_priority ON public.superintendentdata USING btree (priority);
